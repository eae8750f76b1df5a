"""The window title: only what changed is written, nothing in it is interpreted, and the one before is restored."""

import re
from itertools import pairwise

from hottui.tui.terminal.window_title import WindowTitle
from tests.terminal.conftest import Open

_XTERM = {"TERM": "xterm-256color"}


def test_the_title_before_is_saved_once_and_restored_once() -> None:
    title = WindowTitle(_XTERM)
    assert title.show() == title.restore() == "", "without a title, the terminal's own one stays"
    assert title.change("✖1 hottui")
    assert not title.change("✖1 hottui")
    assert title.show() == "\x1b[22;2t\x1b]2;✖1 hottui\x07"
    assert title.change("hottui")
    assert title.show() == "\x1b]2;hottui\x07"
    assert title.restore() == "\x1b]2;\x07\x1b[23;2t"
    assert title.restore() == "", "a second pop would take another program's title"
    assert title.show() == "\x1b[22;2t\x1b]2;hottui\x07", "after it was stopped"


def test_nothing_in_a_title_is_interpreted() -> None:
    title = WindowTitle(_XTERM)
    title.change("a\x07b\x1b]52;c;eA==\x1b\\\x9c\u202e" + "x" * 10_000)
    shown = title.show().removeprefix("\x1b[22;2t")
    assert re.fullmatch(r"\x1b\]2;[^\x00-\x1f\x7f-\x9f\u202e]*\x07", shown)
    assert len(shown) < 300


def test_a_terminal_without_titles_is_left_alone() -> None:
    for term in ("linux", "vt220", "eterm-color", "dumb", ""):
        title = WindowTitle({"TERM": term})
        title.change("hottui")
        assert title.show() + title.restore() == "", term


def test_the_title_counts_failures_and_updates_in_progress(open_on_terminal: Open) -> None:
    session = open_on_terminal(env={"HOTTUI_ASCII": "1"})
    session.until(lambda: re.search(rb"\x1b\]2;x\d+ ~\d+ hottui\x07", session.output) is not None, "the counts")
    titles = re.findall(rb"\x1b\]2;([^\x07]+)\x07", session.output)
    assert all(one != next_one for one, next_one in pairwise(titles)), "written again without a change"
