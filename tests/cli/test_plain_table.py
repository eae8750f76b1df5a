"""The table that `hottui` prints without a terminal."""

import re

import pytest

from hottui import paths
from hottui.demo.simulation import SimulatedUpdate
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark

from .conftest import Command, Home, answering, http, lead


def test_bookmarks_are_read_without_a_configured_workspace(
    hottui: Command, home: Home, place: str, member: SimulatedUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hottui("add", member.id, "--label", "here").code == 0
    monkeypatch.delenv("HOTTUI_WORKSPACE")
    listing = hottui("dashboard")
    assert "UPDATED" in listing.out
    assert place not in listing.err
    with home.store() as store:
        (row,) = store.tracked()
        assert [each.state for each in store.transitions(row.ref)] == ["HOT_UPDATED"]
        assert store.answer(row.ref) is not None


NOT_FOUND = http(b'{"success": false, "errorCode": "HotUpdateNotFound", "errorMessage": "m"}')
DENIED = http(b'{"Code": "Forbidden.RAM", "Message": "m"}', "403 Forbidden")
DOWN = http(b'{"Code": "ServiceUnavailable", "Message": "m"}', "503 Service Unavailable")
PAGE = http(b"<!DOCTYPE html><html></html>", kind="text/html")
GOOD = http(b'{"success": true, "data": {"jobHotUpdateId": "x1", "status": {"status": "INIT"}}}')
STATELESS = http(b'{"success": true, "data": {"jobHotUpdateId": "x1"}}')


@pytest.mark.parametrize("bookmarked", [True, False])
@pytest.mark.parametrize(
    ("reply", "code"),
    [(NOT_FOUND, 4), (DENIED, 3), (DOWN, 5), (PAGE, 6), (GOOD, 0), (STATELESS, 6)],
    ids=["not-found", "denied", "down", "page", "good", "no-state"],
)
def test_the_exit_code_of_a_failed_read(
    hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch, reply: bytes, code: int, bookmarked: bool
) -> None:
    with answering(reply) as origin:
        lead(monkeypatch, origin)
        if bookmarked:
            assert hottui("add", "x1").code == 0
        outcome = hottui("x1")
    assert outcome.code == code, outcome.err


@pytest.mark.parametrize(("reply", "code"), [(NOT_FOUND, 0), (DENIED, 3), (DOWN, 5)], ids=["gone", "denied", "down"])
def test_a_missing_bookmark_counts_only_if_its_id_was_passed(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, reply: bytes, code: int
) -> None:
    with answering(reply) as origin:
        lead(monkeypatch, origin)
        assert hottui("add", "x1").code == 0
        assert hottui().code == code


@pytest.mark.parametrize("command", [[], ["ls"]], ids=["listing", "ls"])
def test_without_bookmarks_the_hint_shows_how_to_add_one(hottui: Command, command: list[str]) -> None:
    outcome = hottui(*command)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == "hottui: No bookmarks yet.\n        Add one: hottui add ID\n"


def test_the_largest_exit_code_of_the_rows_is_returned(hottui: Command, place: str, member: SimulatedUpdate) -> None:
    assert hottui(member.id, "nosuch-1").code == 4
    assert hottui(member.id).code == 0


THEMES = (*sorted(path.stem for path in paths.bundled_themes_dir().glob("*.toml")), "mine")


def test_a_throttled_account_does_not_delay_the_bookmarks_of_another(
    hottui: Command, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = http(b'{"Code": "Throttling.User", "Message": "m"}', "429 Too Many Requests")
    with answering(slow.replace(b"\r\n\r\n", b"\r\nretry-after: 181\r\n\r\n", 1)) as busy, answering(GOOD) as origin:
        home.configure(f'[profiles.busy]\nendpoint = "{busy}"\nworkspace = "ws"\nnamespace = "ns"\n')
        lead(monkeypatch, origin)
        with home.store() as store:
            for number in range(12):  # more than begin at once
                store.add(Bookmark(Ref(busy, "ws", "ns", f"b{number}")))
            store.add(Bookmark(Ref(origin, "ws", "ns", "x1")))
        outcome = hottui()
    assert outcome.code == 5, outcome.err
    states = {name: row.split()[0] for row in outcome.out.splitlines() for name in ("x1", "b0") if f" {name} " in row}
    assert states == {"x1": "INIT", "b0": "waiting"}
    assert "too long to wait" in outcome.err


NO_THEME = f'hottui: No theme named "nope". Available: {", ".join(THEMES)}.\n'
"""The message for an unknown theme, with a theme of the user's."""


@pytest.fixture
def own_theme() -> None:
    """Create a user theme in a file with another name."""
    shipped = (paths.bundled_themes_dir() / "hottui-dark.toml").read_text(encoding="utf-8")
    paths.user_themes_dir().mkdir(parents=True)
    (paths.user_themes_dir() / "file.toml").write_text(shipped.replace('"hottui-dark"', '"mine"'), encoding="utf-8")


@pytest.mark.usefixtures("own_theme")
@pytest.mark.parametrize("command", ["dashboard", "info"])
def test_an_unknown_theme_is_reported(hottui: Command, place: str, command: str) -> None:
    outcome = hottui(command, "--theme", "nope")
    assert outcome.code == 0
    assert outcome.err.startswith(NO_THEME)
    for there in ("mine", "hottui-light"):
        assert "theme" not in hottui(command, "--theme", there).err


@pytest.mark.usefixtures("own_theme")
def test_an_unknown_theme_in_the_config_is_reported(hottui: Command, place: str, home: Home) -> None:
    home.configure('theme = "nope"\n')
    assert hottui().err.startswith(NO_THEME)


IN_NEED = http(b'{"success": false, "requestId": "9F2A-11", "errorCode": "InternalError", "errorMessage": "m"}')
NAMED = http(b'{"success": false, "requestId": "9F2A-11", "errorCode": "HotUpdateNotFound", "errorMessage": "m"}')


def test_the_request_id_is_printed_with_every_failed_read(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for reply in (IN_NEED, NAMED):
        with answering(reply) as origin:
            lead(monkeypatch, origin)
            for command in (["get", "x1"], ["x1", "x2"]):
                err = hottui(*command).err
                assert err.count("9F2A-11") == 1, "a reason is printed once for all its rows"
    assert "2 hot updates: " in err


@pytest.mark.parametrize("command", [(), ("get",)], ids=["listing", "get"])
def test_a_long_read_shows_its_progress(
    hottui: Command, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    names = [f"x{number}" for number in range(45)]
    with answering(DOWN) as origin:
        lead(monkeypatch, origin)
        outcome = hottui(*command, *names)
    assert outcome.code == 5
    assert re.search(r"^hottui: \d+ of 45 read$", outcome.err, re.MULTILINE), outcome.err


def test_a_short_read_shows_no_progress(hottui: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(GOOD) as origin:
        lead(monkeypatch, origin)
        outcome = hottui("get", "x1")
    assert outcome.err == ""


def test_a_profile_shows_only_its_bookmarks(hottui: Command, home: Home) -> None:
    home.configure(
        '[profiles.a]\nendpoint = "http://127.0.0.1:9"\nworkspace = "wa"\n[profiles.b]\nregion = "cn-hangzhou"\n'
    )
    assert hottui("add", "hu-a", "-p", "a").code == 0
    assert hottui("add", "hu-b", "-p", "b", "-w", "wb").code == 0
    listing = hottui("-p", "a").out
    assert "hu-a" in listing
    assert "hu-b" not in listing
