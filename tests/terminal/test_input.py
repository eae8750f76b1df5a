"""Input from a real terminal besides keys: replies, pastes, floods, the mouse, and keys whose handling fails."""

from pathlib import Path

from tests.terminal.conftest import Open
from tests.terminal.fuzz import GIVEN_UP, bookmarks, place, send
from tests.terminal.ptys import HOTTUI, start

_REPLIES = (
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07", b"\x1bP>|tmux 3.3a\x1b\\", b"\x1b[?62;4;22c", b"\x1b_Gb=x;b\x1b\\",
    b"\x1b^bxa\x07",
    b"\x9d11;rgb:bbbb/xxxx/aaaa\x9c", b"\x1b[97;5:3u", b"\x1b[1;5:1A", b"\x1b[1114112u", b"\x1b[48;30;100;0;0t",
    b"\x1b[<35;10;10M", b"\x1b[?2048;2$y", b"\x1b[48;99999;99999;1;1t", b"\x1b[98~", b"\x1b[120A", b"\xff\xfe\x80",
)  # fmt: skip


def test_terminal_replies_are_not_keys(tmp_path: Path) -> None:
    with place(tmp_path, 5) as home:
        before = bookmarks(home)
        session = start(HOTTUI, home)
        try:
            session.live().watch(1.0)
            for reply in _REPLIES:
                send(session, reply)
                for piece in (reply[:4], reply[4:]):
                    session.watch(0.3)
                    send(session, piece)
            session.watch(1.0)
            assert b"\x1b[?1016h" not in session.output, "the mouse is in cells"
            send(session, b"q")  # text, if a prompt is open
            assert session.ends() == 0
        finally:
            session.close()
        assert bookmarks(home) == before


def test_pasted_text_is_only_text_and_much_input_blocks_nothing(open_on_terminal: Open) -> None:
    session = open_on_terminal().live()
    send(session, b"\x1b[200~a \x1b q b \x1b[201~")
    send(session, b"\x1b[200~" + b"q \x1bq" * 150_000 + b"\x1b[201~")
    session.shows("characters")
    send(session, b"xbu" * 40_000)
    session.shows("ignored more than")
    session.watch(1.0)
    send(session, b"/")
    session.shows("Filter")
    send(session, b"\x1b[200~pasted \x1b[A text\x1b[201~")
    session.shows("pasted ␛[A text")
    send(session, b"\x1b")
    session.watch(0.5)
    send(session, b"q")
    assert session.ends() == 0


def test_ctrl_c_quits_from_everywhere_and_after_many_keys(open_on_terminal: Open) -> None:
    for keys in (b"?", b"!", b"\x10", b"/x", b"?" * 300, b"\x10" * 300):
        session = open_on_terminal().live()
        send(session, keys + b"\x03")
        assert session.ends() == 0, keys[:2]


def test_an_unterminated_paste_is_dropped(open_on_terminal: Open) -> None:
    session = open_on_terminal().live()
    send(session, b"\x1b[200~ q")
    session.watch(GIVEN_UP)
    send(session, b"q")
    assert session.ends() == 0


def test_full_width_keys_act_as_commands_and_type_their_characters(open_on_terminal: Open) -> None:
    session = open_on_terminal().live()
    send(session, "／".encode())
    session.shows("Filter")
    send(session, "ｊ？".encode())
    session.shows("ｊ？")
    send(session, b"\x1b")
    session.watch(0.5)
    send(session, "ｑ".encode())
    assert session.ends() == 0


def test_an_error_in_handling_a_key_does_not_end_the_dashboard(open_on_terminal: Open, tmp_path: Path) -> None:
    command = (*HOTTUI[:1], "-m", "tests.terminal.faulty", "pressed", "demo")
    session = open_on_terminal(*command, env={"FAULTY_TOKEN": "t", "PYTHONPATH": str(Path(__file__).parents[2])}).live()
    send(session, b"n")
    session.shows("Internal error (RuntimeError); hottui continues.")
    send(session, b"n?")
    session.shows("esc: close")
    send(session, b"\x1b")
    session.watch(0.5)
    send(session, b"q")
    assert session.ends() == 1, "the exit code of an internal error"
    assert len(list(tmp_path.rglob("crash-*"))) == 1


def test_keys_before_the_first_layout_are_not_an_error(open_on_terminal: Open, tmp_path: Path) -> None:
    session = open_on_terminal().live()
    for keys in (b"\x10\x1b[6~", b"zzzz\x1b[6~\x1b[5~\r", b"\x1b\x1b", b"\x10\x10\x1b[5~"):
        send(session, keys)
        session.watch(0.5)
    session.resize(1, 1)
    send(session, b"pl\x1b[6~\x1b[B")
    session.watch(0.5)
    session.resize(120, 40)
    for _ in range(2):
        send(session, b"\x1b")
        session.watch(0.5)
    send(session, b"q/")
    assert session.ends() == 0
    assert not list(tmp_path.rglob("crash-*"))
