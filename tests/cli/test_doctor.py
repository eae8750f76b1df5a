"""`hottui doctor`, in a healthy set-up and in broken ones, against the served demo."""

import contextlib
import json
import resource
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hottui import paths
from hottui.demo import fault_injection
from hottui.demo.asgi import Reply
from hottui.demo.server import serving
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from hottui.service.operations import GET_RESULT, OPERATIONS

from .conftest import Command, Home

Found = dict[str, dict[str, str]]


@pytest.fixture
def service(world: Simulation) -> DemoService:
    return DemoService(world)


@pytest.fixture
def healthy(
    service: DemoService, world: Simulation, home: Home, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    """Configure a profile and an access key for a served demo, and a store with a bookmark."""
    place = world.updates[0].spec.job.namespace
    with serving(service) as origin:
        home.configure(
            f'[profiles.demo]\nendpoint = "{origin}"\nworkspace = "{place.workspace}"\nnamespace = "{place.name}"\n'
        )
        monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", ACCESS_KEY_ID)
        monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", ACCESS_KEY_SECRET)
        monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
        yield monkeypatch


def examine(hottui: Command, *args: str) -> tuple[int, Found]:
    """Return the exit code and each check by its name."""
    outcome = hottui("doctor", "-o", "json", *args)
    assert outcome.err == ""
    assert ACCESS_KEY_SECRET not in outcome.out
    found = [json.loads(line) for line in outcome.out.splitlines()]
    names = [each["check"] for each in found]
    assert len(names) == len(set(names))
    assert all(each["advice"] for each in found if each["status"] == "broken")
    return outcome.code, {each["check"]: each for each in found}


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"") for path in folder.rglob("*")
    }


def test_a_healthy_set_up(hottui: Command, home: Home, healthy: pytest.MonkeyPatch, service: DemoService) -> None:
    assert hottui("add", "123hashd").code == 0
    before = everything(home.folder)
    code, found = examine(hottui)
    assert everything(home.folder) == before  # it only reads
    assert (code, [each for each in found.values() if each["status"] == "broken"]) == (0, [])
    assert found["profile"]["found"] == "demo (only profile in config.toml)"
    assert found["access key"]["found"] == "environment: key found"
    assert found["service"]["found"].endswith(" answered")
    assert found["clock"]["status"] == "ok"
    assert {each.action: found[each.action]["found"] for each in OPERATIONS} == {
        each.action: "permitted" for each in OPERATIONS
    }
    assert found["store"]["found"] == f"{paths.store_path()}, 1 bookmark"
    table = hottui("doctor")
    assert table.code == 0
    assert "\nok      clock " in table.out
    assert table.out.splitlines()[-1].endswith(" ok.")


def test_a_missing_permission_of_a_job_is_no_failure(
    hottui: Command, healthy: pytest.MonkeyPatch, service: DemoService
) -> None:
    service.faults["FlinkApiProxy"] = fault_injection.denied
    code, found = examine(hottui)
    assert (code, found["FlinkApiProxy"]["status"], found["GetJob"]["status"]) == (0, "look", "ok")
    assert "stream:FlinkApiProxy" in found["FlinkApiProxy"]["advice"]


def test_without_insight_only_one_permission_is_needed(
    hottui: Command, home: Home, healthy: pytest.MonkeyPatch
) -> None:
    path = paths.config_path()
    path.write_text("insight = false\n" + path.read_text())
    code, found = examine(hottui)
    assert (code, found["GetHotUpdateJobResult"]["status"]) == (0, "ok")
    assert "GetJob" not in found


def test_a_wrong_clock_is_corrected_and_named(hottui: Command, healthy: pytest.MonkeyPatch, home: Home) -> None:
    import time

    from hottui.demo.simulation import ENDPOINT_IN_PROCESS

    ahead = Simulation(1, lambda: time.time() + 7200, size=3)
    place = ahead.refs(ENDPOINT_IN_PROCESS)[0]
    with serving(DemoService(ahead)) as origin:
        code, found = examine(hottui, "--endpoint", origin, "-w", place.workspace, "-n", place.namespace)
    assert (code, found["clock"]["status"]) == (0, "look")
    assert found["clock"]["found"] in {f"{away} behind the service's" for away in ("1h 59m", "2h 00m")}
    assert found["GetHotUpdateJobResult"]["found"] == "permitted"


def login_page(service: DemoService) -> None:
    service.faults[GET_RESULT.action] = fault_injection.replaced(
        Reply(200, b"<!DOCTYPE html><title>Sign in</title>", "text/html")
    )


def foreign_store() -> None:
    paths.data_dir().mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(paths.store_path())) as other:
        other.execute("CREATE TABLE theirs (x)")


def newer_store() -> None:
    foreign_store()
    with contextlib.closing(sqlite3.connect(paths.store_path())) as other:
        other.execute("PRAGMA application_id = 1752134773")
        other.execute("PRAGMA user_version = 999")


def damaged_store() -> None:
    paths.data_dir().mkdir(parents=True)
    paths.store_path().write_bytes(b"SQLite format 3\0" + b"\x07" * 8192)


def no_folder() -> None:
    paths.data_dir().parent.mkdir(parents=True)
    paths.data_dir().write_text("a file")


BROKEN: dict[str, tuple[Callable[[pytest.MonkeyPatch, DemoService], Any], str, str]] = {
    "nothing is configured": (
        lambda m, _: paths.config_path().unlink(), "location", "No region and no workspace configured.",
    ),
    "config.toml is invalid": (lambda m, _: paths.config_path().write_text("= 1"), "settings", "invalid TOML"),
    "no such profile": (lambda m, _: m.setenv("HOTTUI_PROFILE", "prod"), "settings", 'No profile "prod"'),
    "no such region": (lambda m, _: m.setenv("HOTTUI_REGION", "mars"), "location", "Unknown region"),
    "no access key": (
        lambda m, _: m.delenv("ALIBABA_CLOUD_ACCESS_KEY_ID"), "access key", "No credentials found",
    ),
    "a damaged access key": (
        lambda m, _: m.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "ä"), "access key", "non-ASCII",
    ),
    "an unknown access key": (lambda m, _: m.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI0"), "signature", ""),
    "a wrong secret": (lambda m, _: m.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s"), "signature", "signature"),
    "no permission": (
        lambda m, s: s.faults.update({GET_RESULT.action: fault_injection.denied}), GET_RESULT.action, "not permitted",
    ),
    "a login page": (lambda m, s: login_page(s), "service", ""),
    "nobody listens": (
        lambda m, _: m.setenv("HOTTUI_ENDPOINT", "http://127.0.0.1:1"), "service", "refused",
    ),
    "another program's store": (lambda m, _: foreign_store(), "store", "another program's database"),
    "a newer store": (lambda m, _: newer_store(), "store", "newer version"),
    "a damaged store": (lambda m, _: damaged_store(), "store", "damaged"),
    "a file in place of a folder": (lambda m, _: no_folder(), "store", "cannot be written"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_set_up_is_named_with_what_to_do(
    case: str, hottui: Command, home: Home, healthy: pytest.MonkeyPatch, service: DemoService
) -> None:
    damage, name, message = BROKEN[case]
    damage(healthy, service)
    before = everything(home.folder)
    code, found = examine(hottui)
    assert everything(home.folder) == before
    assert code == 1
    assert [each["check"] for each in found.values() if each["status"] == "broken"] == [name]
    assert message in found[name]["found"]


def test_a_full_disk_is_found_and_nothing_is_left_on_it(
    hottui: Command, home: Home, healthy: pytest.MonkeyPatch
) -> None:
    for made in (False, True):  # whether the folders exist
        if made:
            assert hottui("add", "123hashd").code == 0
            paths.state_dir().mkdir(parents=True)
        before = everything(home.folder)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            code, found = examine(hottui)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert everything(home.folder) == before
        assert code == 1
        assert {each["check"] for each in found.values() if each["status"] == "broken"} == {"store", "crash reports"}
        assert found["store"]["found"] == f"No space left to write the store {paths.store_path()}."
        assert "cannot be written (File too large)" in found["crash reports"]["found"]


def test_a_network_that_never_answers_takes_no_longer_than_the_timeout(
    hottui: Command, healthy: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts connections, and never reads
        healthy.setenv("HOTTUI_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        code, found = examine(hottui, "--timeout", "0.3")
    assert (code, found["service"]["status"]) == (1, "broken")
    assert "did not answer within 0.3 s" in found["service"]["found"]
    assert "GetJob" not in found
