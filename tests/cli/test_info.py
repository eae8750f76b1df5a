"""`hottui info`: paths, and settings with their origins."""

import json
import time

import pytest

from hottui import paths
from hottui.store.jobs import SavedPermission
from hottui.store.store import Store

from .conftest import Command, Home


def lines(hottui: Command, *args: str) -> dict[str, tuple[str | None, str]]:
    outcome = hottui("info", "-o", "json", *args)
    documents = [json.loads(line) for line in outcome.out.splitlines()]
    return {each["name"]: (each["value"], each["remark"]) for each in documents}


def test_each_value_with_its_origin(hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.configure(
        'profile = "p"\ninterval = 5\nhistory_days = 30\n[profiles.p]\nregion = "cn-hangzhou"\nworkspace = "wp"\n'
        'credentials = "aliyun:prod"\n'
    )
    monkeypatch.setenv("HOTTUI_NAMESPACE", "n-env")
    found = lines(hottui, "-w", "w-given", "--theme", "mine")
    assert found["profile"] == ("p", "default profile in config.toml")
    assert found["region"] == ("cn-hangzhou", "profile p")
    assert found["network"] == ("public", "default")
    assert found["workspace"] == ("w-given", "option --workspace")
    assert found["namespace"] == ("n-env", "variable HOTTUI_NAMESPACE")
    assert found["credentials"] == ("aliyun:prod", "profile p")
    assert found["reads from"] == ("https://ververica.cn-hangzhou.aliyuncs.com", "")
    assert found["theme"] == ("mine", "option --theme")
    assert found["interval"] == ("5 s", "config.toml")
    assert found["history"] == ("30 days, 10,000 transitions", "config.toml")
    assert found["config"][0] == str(paths.config_path())


def test_a_configured_value_equal_to_the_default_comes_from_the_file(hottui: Command, home: Home) -> None:
    home.configure('interval = 2\ntheme = "hottui-dark"\nhistory_transitions = 10000\ninsight = true\n')
    found = lines(hottui)
    assert found["interval"] == ("2 s", "config.toml")
    assert found["theme"] == ("hottui-dark", "config.toml")
    assert found["history"] == ("90 days, 10,000 transitions", "config.toml")
    assert found["insight"] == ("on", "config.toml")


def test_insight_can_be_turned_off(hottui: Command, home: Home) -> None:
    assert lines(hottui)["insight"] == ("on", "default")
    home.configure("insight = false\n")
    assert lines(hottui)["insight"] == ("off", "config.toml")


def test_what_was_permitted_is_listed(hottui: Command, home: Home) -> None:
    assert lines(hottui)["permitted"] == ("not known", "no job was read yet")
    with Store.open(paths.store_path()) as store:
        for action, granted in (("GetJob", True), ("GetHotUpdateJobResult", True), ("FlinkApiProxy", False)):
            store.jobs.record_permission(SavedPermission("key@host", "ws", "team", action, granted, time.time() - 125))
    found = lines(hottui)
    assert found["permitted"] == ("GetHotUpdateJobResult, GetJob", "team, key@host, 2m ago")
    assert found["not permitted"] == ("FlinkApiProxy", "team, key@host, 2m ago")


def test_it_works_without_configuration(hottui: Command, home: Home) -> None:
    outcome = hottui("info")
    assert outcome.code == 0
    assert "No region and no workspace configured." in outcome.err
    assert f"{paths.store_path()}  (does not exist)" in outcome.out
    assert "hottui-dark  (default)" in outcome.out
    assert not paths.store_path().parent.exists()


def test_an_endpoint_replaces_region_and_network(hottui: Command) -> None:
    found = lines(hottui, "--endpoint", "https://flink.example:8443/", "-w", "w")
    assert found["endpoint"] == ("https://flink.example:8443/", "option --endpoint")
    assert found["reads from"] == ("https://flink.example:8443", "")
    assert "region" not in found


def test_an_error_is_printed_after_the_other_lines(hottui: Command, home: Home) -> None:
    home.configure("[profiles.p]\nregoin = 'x'\n")
    outcome = hottui("info")
    assert outcome.code == 2
    assert str(paths.config_path()) in outcome.out
    assert 'line 2: profiles.p.regoin is not a setting of hottui.\n        Did you mean "region"?' in outcome.err


def test_no_secret_is_shown(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"):
        monkeypatch.setenv(name, "hunter2")
    monkeypatch.setenv("HTTPS_PROXY", "http://me:hunter2@proxy.example")
    outcome = hottui("info", "--endpoint", "https://me:hunter2@flink.example", "-w", "w")
    assert outcome.code == 2
    assert "hunter2" not in outcome.out + outcome.err
    assert "HTTPS_PROXY" in outcome.out
    assert "ALIBABA_CLOUD_ACCESS_KEY_SECRET" in outcome.out
