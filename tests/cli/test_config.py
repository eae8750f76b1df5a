"""`hottui config`."""

import json

import pytest

from hottui import paths
from hottui.config import config_file

from .conftest import Command, Home


def test_init_writes_a_commented_file_once(hottui: Command) -> None:
    path = paths.config_path()
    assert hottui("config", "path").out == f"{path}\n"
    assert f"Wrote {path}." in hottui("config", "init").out
    text = path.read_text()
    assert "# [profiles.prod]" in text
    assert hottui("config", "validate").out == f"{path} is valid: 0 profiles.\n"
    path.write_text("interval = 5  # mine\n")
    again = hottui("config", "init")
    assert (again.code, again.err) == (0, "")
    assert "was not changed" in again.out
    assert path.read_text() == "interval = 5  # mine\n"


def test_init_adds_the_given_profile(hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.configure("interval = 5  # mine\n")
    monkeypatch.setenv("HOTTUI_WORKSPACE", "w1")
    added = hottui("-r", "cn-hangzhou", "config", "init", "--credentials", "environment")
    assert (added.code, added.err) == (0, "")
    assert paths.config_path().read_text().startswith("interval = 5  # mine\n")
    profile = config_file.load(paths.config_path()).profiles["prod"]
    assert (profile.region, profile.workspace, profile.credentials) == ("cn-hangzhou", "w1", "environment")
    again = hottui("config", "init", "-p", "prod", "-r", "cn-hangzhou")
    assert again.code == 2
    assert "already" in again.err
    monkeypatch.delenv("HOTTUI_WORKSPACE")
    assert "The profile has no region and no workspace." in hottui("config", "init", "-n", "x").err


def test_init_prefers_an_option_to_a_variable(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTTUI_ENDPOINT", "http://127.0.0.1:18899")
    rejected = hottui("config", "init", "-p", "a", "-r", "mars", "-w", "ws1")
    assert (rejected.code, paths.config_path().exists()) == (2, False)
    assert hottui("config", "init", "-p", "a", "-r", "cn-hangzhou", "-w", "ws1").code == 0
    assert hottui("config", "init", "-p", "b", "-w", "ws1").code == 0
    a, b = config_file.load(paths.config_path()).profiles.values()
    assert (a.region, a.endpoint, b.region, b.endpoint) == ("cn-hangzhou", "", "", "http://127.0.0.1:18899")


def test_init_leaves_the_default_in_effect_as_it_is(hottui: Command, home: Home) -> None:
    for first, told in (
        (
            "",
            'The default is still "a", now named at the top of the file; for the new one, change it to: profile = "c"',
        ),
        ('profile = "a"\n', 'The default is still "a"; for the new one, change it to: profile = "c"'),
        ("[profiles.b]\n", 'The file names no default: pass -p, or add at its top the line: profile = "c"'),
    ):
        path = home.configure(f'{first}[profiles.a]\nregion = "cn-hangzhou"\nworkspace = "w"\n')
        before, shown = path.read_text(), hottui("config", "show").out
        added = hottui("config", "init", "-p", "c", "-r", "cn-beijing", "-w", "w2")
        assert (added.code, added.err) == (0, "")
        assert added.out.splitlines()[-1] == told
        assert path.read_text().removeprefix('profile = "a"\n').startswith(before.removeprefix('profile = "a"\n'))
        after = hottui("config", "show").out
        assert after.replace("default profile in config.toml", "only profile in config.toml") == shown.replace(
            "default profile in config.toml", "only profile in config.toml"
        )


def test_with_profiles_and_no_default_the_hint_names_them(hottui: Command, home: Home) -> None:
    home.configure('[profiles.a]\nregion = "cn-hangzhou"\n[profiles.c]\nregion = "cn-beijing"\n')
    refused = hottui("get", "x")
    assert refused.code == 2
    assert "\n        Pass --profile a or c, or name a default in config.toml. " in refused.err


def test_validate_names_what_is_wrong_and_sets_the_exit_code(hottui: Command, home: Home) -> None:
    assert (hottui("config", "validate").code, hottui("config", "validate", "missing.toml").code) == (0, 5)
    for text, message in (
        ("interval = 0\n", "interval must be between"),
        ('[profiles.p]\nregion = "cn-hangzou"\n', "profiles.p: Unknown region 'cn-hangzou'"),
        ('[profiles.p]\nendpoint = "http://far.example"\n', "profiles.p.endpoint is invalid: The endpoint"),
        ('theme = "hotui-dark"\n', 'No theme named "hotui-dark"'),
        ('[keys]\npauze = "f9"\n', "keys.pauze is not a command. Did you mean pause?"),
        ('[keys]\npause = ["f9", "r"]\n', "keys.pause: r is the key of refresh (Refresh now)."),
    ):
        path = home.configure(text)
        found = hottui("config", "validate", str(path))
        assert (found.code, found.out) == (2, "")
        assert message in found.err
    home.configure('[profiles.p]\nregion = "cn-hangzhou"\n')
    assert hottui("config", "validate").code == 0


def test_show_prints_each_value_with_its_origin(hottui: Command, home: Home) -> None:
    home.configure('[profiles.p]\nregion = "cn-hangzhou"\n')
    shown = hottui("config", "show", "-n", "team").out
    assert 'region = "cn-hangzhou"  # profile p\n' in shown
    assert 'namespace = "team"  # option --namespace\n' in shown
    assert "# workspace is not set\n" in shown
    assert "insight = true  # default\n" in shown
    assert 'notify.on = ["FAILED", "HOT_UPDATED"]  # default\n' in shown
    documents = [json.loads(line) for line in hottui("-p", "p", "config", "show", "-o", "json").out.splitlines()]
    assert documents[0] == {"name": "profile", "value": "p", "origin": "option --profile"}


def test_no_command_prints_a_token_in_an_endpoint(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTTUI_ENDPOINT", "https://sOmEtOkEn@service.example")
    for command in (("config", "show"), ("config", "show", "-o", "json"), ("info",), ("doctor", "--timeout", "0.1")):
        shown = hottui(*command)
        assert "https://service.example" in shown.out
        assert "sOmEtOkEn" not in shown.out + shown.err


def test_the_schema_is_json(hottui: Command) -> None:
    schema = json.loads(hottui("config", "schema").out)
    assert schema["type"] == "object"
    assert schema["properties"]["keys"]["properties"]["pause"]["description"].endswith("Usual keys: p")


def test_doctor_reports_keys_that_cannot_work(hottui: Command, home: Home) -> None:
    home.configure('[keys]\npause = "r"\n')
    found = [json.loads(line) for line in hottui("doctor", "-o", "json", "--timeout", "0.1").out.splitlines()]
    (keys,) = (each for each in found if each["check"] == "keys")
    assert (keys["status"], keys["advice"]) == ("look", "keys.pause: r is the key of refresh (Refresh now).")
