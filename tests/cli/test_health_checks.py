"""The checks of `hottui doctor` that need no service: terminals, files, credentials, clock."""

import stat
from pathlib import Path

import pytest

from hottui.cli.health_checks import (
    Check,
    CredentialsFacts,
    FileFacts,
    Status,
    TerminalFacts,
    clock_check,
    credentials_check,
    file_check,
    notify_check,
    terminal_checks,
)
from hottui.model.notify_settings import QUIET, NotifySettings

GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@pytest.mark.parametrize(
    ("facts", "looks"),
    [
        (TerminalFacts((80, 24), False, GOOD), {}),
        (TerminalFacts(None, True, {}), {}),
        (TerminalFacts((59, 24), False, GOOD), {"size": "59x24"}),
        (TerminalFacts((60, 12), False, GOOD), {}),
        (TerminalFacts((80, 11), False, GOOD), {"size": "80x11"}),
        (TerminalFacts((80, 24), True, GOOD), {"UTF-8": "no: ASCII is used"}),
        (TerminalFacts((80, 24), False, {"TERM": "xterm"}), {"colours": "16"}),
        (TerminalFacts((80, 24), False, {"TERM": "xterm", "NO_COLOR": "1"}), {}),
        (TerminalFacts((80, 24), False, {"TERM": "dumb"}), {"terminal": "TERM=dumb: no dashboard", "colours": "16"}),
        (TerminalFacts((80, 24), False, {**GOOD, "TMUX": "/tmp/t"}, "external"), {}),
        (
            TerminalFacts((80, 24), False, {**GOOD, "TMUX": "/tmp/t"}, "off"),
            {"clipboard": "tmux: set-clipboard is off"},
        ),
        (TerminalFacts((80, 24), False, {**GOOD, "STY": "1.x"}), {"mouse": "partly supported by GNU screen"}),
    ],
)
def test_a_terminal(facts: TerminalFacts, looks: dict[str, str]) -> None:
    found = list(terminal_checks(facts))
    assert {each.name: each.found for each in found if each.status is not Status.OK} == looks
    assert all(each.advice for each in found if each.status is Status.LOOK)


def test_notifications() -> None:
    kitty, tmux = {"TERM": "xterm-kitty"}, {"TERM": "tmux-256color", "TMUX": "/tmp/t"}
    for settings, environment, passthrough, found in (
        (QUIET, GOOD, "", "off, apart from the window title"),
        (NotifySettings(bell=True), GOOD, "", "bell on FAILED, HOT_UPDATED"),
        (NotifySettings(("slow",), desktop="auto"), kitty, "", "desktop (auto: osc99) on slow"),
        (NotifySettings(("slow",), command=("/bin/sh", "-c")), GOOD, "", "command (sh) on slow"),
        (NotifySettings(("slow",), desktop="osc9"), GOOD, "", "desktop (osc9) on slow"),
        (NotifySettings(("slow",), desktop="auto"), tmux, "on", "desktop (auto: osc99) on slow"),
    ):
        facts = TerminalFacts(None, False, environment, "", passthrough, "xterm-kitty" if environment == tmux else "")
        assert notify_check(settings, facts) == Check("notifications", Status.OK, found)
    unknown = notify_check(NotifySettings(bell=True, desktop="auto"), TerminalFacts(None, False, GOOD))
    assert (unknown.status, unknown.found) == (Status.LOOK, "bell, desktop (auto: none) on FAILED, HOT_UPDATED")
    missing = notify_check(NotifySettings(command=("/nowhere/to-chat",)), TerminalFacts(None, False, GOOD))
    assert (missing.status, "does not exist" in missing.advice) == (Status.BROKEN, True)
    blocked = notify_check(NotifySettings(desktop="osc9"), TerminalFacts(None, False, tmux, "", "off"))
    assert (blocked.status, "allow-passthrough on" in blocked.advice) == (Status.LOOK, True)


def test_a_file() -> None:
    path = Path("/home/me/file")
    for facts, status in (
        (FileFacts("f", path), Status.OK),
        (FileFacts("f", path, stat.S_IFREG | 0o644), Status.OK),
        (FileFacts("f", path, stat.S_IFREG | 0o664), Status.LOOK),
        (FileFacts("f", path, stat.S_IFREG | 0o644, secret=True), Status.LOOK),
        (FileFacts("f", path, stat.S_IFREG | 0o600, secret=True), Status.OK),
        (FileFacts("f", path, error="cannot be read"), Status.BROKEN),
    ):
        assert file_check(facts).status is status


def test_an_access_key() -> None:
    assert credentials_check(CredentialsFacts("s"), 0.0) == Check("access key", Status.OK, "s: key found")
    valid = credentials_check(CredentialsFacts("s", None, True, 3600.0), 0.0)
    assert (valid.status, valid.found) == (Status.OK, "s: temporary key found, valid for 1h 00m")
    assert credentials_check(CredentialsFacts("s", None, True, 10.0), 70.0).status is Status.BROKEN


def test_a_clock() -> None:
    assert [clock_check(offset).status for offset in (0.4, -59.0, 61.0, None)] == ["ok", "ok", "look", "look"]
    assert clock_check(-7200.0).found == "2h 00m ahead of the service's"
