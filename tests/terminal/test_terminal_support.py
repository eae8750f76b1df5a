"""Locales, kinds of terminals and colours: readable everywhere, or a plain listing with the reason."""

import re
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from tests.terminal.conftest import Open
from tests.terminal.ptys import Session, Terminal

_RGB = re.compile(rb"[34]8;2;")
_PALETTE = re.compile(rb"[34]8;5;")
_ANY_COLOR = re.compile(rb"\x1b\[(?:\d+;)*(?:3\d|4\d|9\d|10\d)(?:;\d+)*m")
Variables = Mapping[str, str | None]


def drawn(open_on_terminal: Open, *cases: Variables) -> list[Session]:
    """Return the dashboard with each of these variables after the cursor has moved."""
    sessions = [open_on_terminal(env=env) for env in cases]
    for session in sessions:
        session.live().type(b"jjjjjj")
    for session in sessions:
        session.watch(1.0 / len(sessions))
        session.watch(0.2)
    return sessions


def cursor_rows(screen: Terminal) -> list[int]:
    """Return the rows of the table with a different style."""
    looks = screen.looks()
    usual = (looks[30][4][2], looks[30][4][7])
    return [y for y in range(5, 30) if (looks[y][4][2], looks[y][4][7]) != usual]


def readable(session: Session) -> None:
    """Check that text differs from its background, and that nothing is shown as an escape."""
    screen = session.screen()
    text = "\n".join(screen.rows())
    assert "checkout-fix" in text
    assert "UPDATED" in text
    assert "\\u" not in text
    assert "�" not in text
    for row in screen.looks():
        for char, ink, paper, *_ in row:
            assert char == " " or ink != paper or ink == "default", f"{char!r} in {ink} on {paper}"
    assert len(cursor_rows(screen)) == 1, "the cursor is invisible"


def test_ascii_if_the_terminal_supports_nothing_else(open_on_terminal: Open) -> None:
    cases: list[Variables] = [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX"},
        {"LANG": "C"},
        {"LC_ALL": "en_US.ISO-8859-1"},
        {"LANG": "zh_CN.GBK"},
        {"PYTHONIOENCODING": "latin-1"},
        {"TERM": "linux"},
        {"TERM": "vt100"},
        {"HOTTUI_ASCII": "1"},
    ]
    for session, case in zip(drawn(open_on_terminal, *cases), cases, strict=True):
        assert session.output.isascii(), case
        readable(session)


def test_glyphs_if_the_locale_supports_them_or_is_unset(open_on_terminal: Open) -> None:
    for session in drawn(open_on_terminal, {"LANG": None}, {"LC_ALL": "C.UTF-8"}, {"LANG": "de_DE.UTF-8@euro"}):
        assert "✔" in session.output.decode()
        readable(session)


def test_sixteen_colors(open_on_terminal: Open) -> None:
    for session in drawn(open_on_terminal, *({"TERM": term} for term in ("xterm", "screen", "linux", "vt100"))):
        assert not _RGB.search(session.output)
        assert not _PALETTE.search(session.output)
        readable(session)


def test_colors_are_limited_to_those_of_the_terminal(open_on_terminal: Open) -> None:
    many = ({"TERM": "xterm-256color"}, {"TERM": "tmux-256color"}, {"NO_COLOR": ""})  # an empty value has no effect
    for session in drawn(open_on_terminal, *many):
        assert not _RGB.search(session.output)
        assert _PALETTE.search(session.output)
        readable(session)


def test_true_color_if_colorterm_is_set(open_on_terminal: Open) -> None:
    (session,) = drawn(open_on_terminal, {"COLORTERM": "truecolor"})
    assert _RGB.search(session.output)
    readable(session)


def test_no_true_color_in_gnu_screen(open_on_terminal: Open) -> None:
    inherited: list[Variables] = [
        {"TERM": "screen-256color"},
        {"TERM": "xterm-256color", "STY": "1.pts-0.host"},
        {"TERM": "screen.xterm-256color", "STY": "1.pts-0.host"},
        {"TERM": "screen"},
    ]
    for session in drawn(open_on_terminal, *({"COLORTERM": "truecolor", **each} for each in inherited)):
        assert not _RGB.search(session.output)
        assert not re.search(rb"\x1b\[(?:[0-9;]*;)?2m", session.output), "nothing is faint"
        readable(session)
    (tmux,) = drawn(open_on_terminal, {"COLORTERM": "truecolor", "TERM": "screen-256color", "TMUX": "/tmp/none,1,0"})
    assert _RGB.search(tmux.output)


def test_no_color_disables_colors(open_on_terminal: Open) -> None:
    more: list[Variables] = [{}, {"COLORTERM": "truecolor"}, {"TERM": "xterm"}]
    for session in drawn(open_on_terminal, *({"NO_COLOR": "1", **each} for each in more)):
        assert not _ANY_COLOR.search(session.output)
        readable(session)


def test_the_listing_with_a_message_if_the_dashboard_cannot_be_drawn(open_on_terminal: Open) -> None:
    cases: list[tuple[Variables, str]] = [
        ({"TERM": "dumb"}, "TERM=dumb"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, "TERM=dumb"),
        ({"TERM": None}, "TERM=not set"),
        ({"TERM": ""}, "TERM=not set"),
        ({"TERM": "unknown"}, "TERM=unknown"),
    ]
    sessions = [open_on_terminal(env=env) for env, _ in cases]
    for session, (_, why) in zip(sessions, cases, strict=True):
        assert session.ends() == 0
        text = session.output.decode()
        assert why in text.splitlines()[0]
        assert "printed once" in text.splitlines()[0]
        assert "checkout-fix" in text
        assert "\x1b" not in text
        assert "Traceback" not in text


def _through(*redirections: str) -> tuple[Any, ...]:
    return ("sh", "-c", f'exec "{sys.executable}" -m hottui demo {" ".join(redirections)}')


@pytest.mark.parametrize("redirection", ["< /dev/null", "<&-"])
def test_the_listing_if_standard_input_is_not_a_terminal(open_on_terminal: Open, redirection: str) -> None:
    session = open_on_terminal(*_through(redirection))
    assert session.ends() == 0
    assert b"Standard input is not a terminal" in session.output
    assert b"checkout-fix" in session.output
    assert b"\x1b" not in session.output


def test_redirected_standard_error_does_not_prevent_drawing(open_on_terminal: Open, tmp_path: Any) -> None:
    session = open_on_terminal(*_through(f"2> {tmp_path}/errors")).live()
    session.type(b"q")
    assert session.ends() == 0
    assert (tmp_path / "errors").read_bytes() == b""


def test_output_to_a_file_is_the_listing(open_on_terminal: Open, tmp_path: Any) -> None:
    session = open_on_terminal(*_through(f"> {tmp_path}/out"))
    assert session.ends() == 0
    assert b"checkout-fix" not in session.output
    assert "checkout-fix" in (tmp_path / "out").read_text()


def test_invalid_utf8_input_is_ignored(open_on_terminal: Open) -> None:
    noises = (
        b"\xff",
        b"\xc3\x28",
        b"\xe2\x82",
        b"\x1b[200~caf\xe9\x1b[201~",
        b"\x9b\x80\x1b[<1;1;1",
        b"\x1b[<999999;99999;99999M",
    )
    sessions = [open_on_terminal() for _ in noises]
    for session, noise in zip(sessions, noises, strict=True):
        session.live().type(noise)
    for session in sessions:
        session.watch(0.3)
        session.type(b"?")
        session.shows("esc: close")
        session.type(b"\x1b")
        session.watch(0.3)
        session.type(b"q")
        assert session.ends() == 0


def test_the_terminal_title_has_only_counts(open_on_terminal: Open) -> None:
    (session,) = drawn(open_on_terminal, {})
    session.type(b"\r")
    session.watch(0.5)
    own = re.compile(rb"\x1b\]2;(?:\xe2\x9c\x96\d+ )?(?:\xe2\x97\x90\d+ )?hottui\x07")
    assert own.search(session.output)
    assert not re.search(rb"\x1b\][012];|\x1b[k^_]|\x9d", own.sub(b"", session.output))
