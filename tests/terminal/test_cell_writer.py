"""Only cells that differ are written, and the terminal shows the same as with everything written."""

import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from textual.geometry import Size

from hottui.tui.terminal.cell_split import split
from hottui.tui.terminal.cell_writer import CellWriter
from hottui.tui.terminal.clipboard import osc52
from hottui.tui.terminal.window_title import WindowTitle
from tests.terminal.ptys import PATIENCE, Terminal, shown

_SIZES = [(30, 6), (31, 5), (12, 3)]
_STYLES = ["", "1", "2;3", "31", "1;91;44", "38;5;12;48;5;236", "38;2;1;2;3;48;2;4;5;6", "1;2;4;7;38;5;12", "53;32"]
_WORDS = ["a", "12s", "UPDATING", "   ", "│ ● ─", "作业", "名x", "e\u0301f", "가나다", "…", "ａｂ"]
_DISPUTED = [*_WORDS, "👍 ok", "⚠\ufe0f!", "🏳\ufe0f\u200d🌈", "का"]
"""Words of which terminals disagree about the widths, too."""


def run(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if style else text


def a_frame(chance: random.Random, size: Size, words: list[str] = _WORDS) -> str:
    """Return a frame as Textual writes it: moves, styled text, and a final move."""
    pieces = []
    for _ in range(chance.randrange(5)):
        y = chance.randrange(size.height)
        pieces.append(f"\x1b[{y + 1};{(x := chance.randrange(size.width)) + 1}H")
        while chance.random() < 0.7:
            text = chance.choice(words)
            x += 2 * len(text)
            if x >= size.width:
                break
            pieces.append(run(text, chance.choice(_STYLES)))
        pieces.append("\n" * (y + 1 < size.height and chance.random() < 0.3))
    return f"{''.join(pieces).strip()}\x1b[{chance.randrange(size.height) + 1};{chance.randrange(size.width) + 1}H"


def same(left: Terminal, right: Terminal) -> bool:
    return left.looks() == right.looks() and (left.cursor.x, left.cursor.y) == (right.cursor.x, right.cursor.y)


def test_random_frames_leave_the_same_screen_in_fewer_bytes() -> None:
    raw_total = written_total = 0
    for seed in range(20):
        chance = random.Random(seed)
        size = Size(*chance.choice(_SIZES))
        writer, raw, written = CellWriter(), "\x1b[?1049h\x1b[?7l", ""
        written += writer.reduce(raw, size)
        for _ in range(25):
            frame = a_frame(chance, size)
            frames = [frame, frame] if chance.random() < 0.3 else [frame]
            if chance.random() < 0.1:
                frames.append("\x07")
            for each in frames:
                raw += each
                written += writer.reduce(each, size)
            expected, actual = shown(raw.encode(), *size), shown(written.encode(), *size)
            assert same(expected, actual), (seed, frame, expected.rows(), actual.rows())
        raw_total += len(raw)
        written_total += len(written)
    assert written_total < raw_total


def test_an_equal_frame_writes_nothing_and_one_cell_only_that_cell() -> None:
    writer, size = CellWriter(), Size(40, 3)
    first = "\x1b[1;1H" + run("name 12s", "38;5;7") + run("  STABLE 作业", "1") + "\x1b[1;1H"
    begin, end = "\x1b[?2026h", "\x1b[?2026l"
    assert "STABLE" in writer.reduce(first, size)
    assert [writer.reduce(text, size) for text in (begin, first, end)] == ["", "", ""]
    assert writer.reduce(first.replace("12s", "13s"), size) == "\x1b[1;7H\x1b[38;5;7m3\x1b[m\x1b[H"
    writer.forget()
    assert "STABLE" in writer.reduce(first, size)
    assert "STABLE" in writer.reduce(first, Size(41, 3)), "another size"
    writer.reduce("\x1b[?1000h", Size(41, 3))
    assert "STABLE" in writer.reduce(first, Size(41, 3)), "something else was written"
    titles = WindowTitle({"TERM": "xterm-256color"})
    titles.change("a title")
    for harmless in (osc52("hi", {}), osc52("hi", {"TMUX": "1"}), osc52("hi" * 200, {"STY": "1"}), titles.show()):
        assert harmless
        assert writer.reduce(harmless, Size(41, 3)) == harmless
        assert writer.reduce(first, Size(41, 3)) == "", f"{harmless!r} changes no cell"


def test_a_large_change_is_a_synchronized_update() -> None:
    writer, size = CellWriter(), Size(200, 50)
    lines = "".join(f"\x1b[{y};1H" + run(f"{y:0150}", "31") for y in range(1, 50))
    texts = ("\x1b[?2026h", lines + "\x1b[1;1H", "\x1b[?2026l")
    assert [writer.reduce(text, size)[-6:] for text in texts] == ["", "\x1b[m\x1b[H", "[?2026l"[-6:]]
    writer.forget()
    writer.reduce(texts[0], size)
    assert writer.reduce(texts[1], size).startswith("\x1b[?2026h")


def test_text_of_disputed_width_is_not_split() -> None:
    for text in ("e\u0301", "👍", "⚠\ufe0f", "\u200d", "a\tb", "\x7f", "का", "\u1100", "é\u0301"):
        assert split(text) is None, text
    assert split("a作│") == ["a", "作", "", "│"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_random_frames_leave_the_same_screen_in_tmux(tmp_path: Path) -> None:
    size = Size(40, 8)

    def tmux(*words: str) -> str:
        command = ("tmux", "-S", str(tmp_path / "socket"), "-f", "/dev/null", *words)
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def displayed(name: str, text: str) -> str:
        """Return the pane with its styles after `text`, which is followed by a marker in the last line."""
        path = tmp_path / name
        path.write_text(f"{text}\x1b[m\x1b[{size.height};1H\x1b[Kdone")
        tmux("respawn-pane", "-k", "-t", "pane", f"cat {path}; exec sleep 1000")
        end = time.monotonic() + PATIENCE
        while "done" not in tmux("capture-pane", "-p", "-t", "pane"):
            assert time.monotonic() < end
            time.sleep(0.02)
        return tmux("capture-pane", "-p", "-e", "-N", "-t", "pane")

    tmux(
        "new-session", "-d", "-s", "pane", "-x", "40", "-y", str(size.height), "sleep 1000", ";", "set", "status", "off"
    )
    try:
        for seed in range(25):
            chance, writer = random.Random(seed), CellWriter()
            frames = ["\x1b[?1049h\x1b[?7l\x1b[2J", *(a_frame(chance, size, _DISPUTED) for _ in range(40))]
            written = [writer.reduce(frame, size) for frame in frames]
            assert displayed("raw", "".join(frames)) == displayed("reduced", "".join(written)), seed
    finally:
        tmux("kill-server")


def test_half_a_wide_character_is_not_written_again() -> None:
    size = Size(40, 3)
    for over in ("\x1b[1;3Hb", "\x1b[1;2Hb"):
        writer = CellWriter()
        for text in ("\x1b[1;1Ha作cd", f"{over}\x1b[1;1H"):
            writer.reduce(text, size)
        assert writer.reduce("\x1b[1;1HZ\x1b[1;4HQ\x1b[1;1H", size) == "\x1b[HZ\x1b[2CQ\x1b[H", over


def test_cells_after_text_of_disputed_width_are_written_again() -> None:
    writer, size = CellWriter(), Size(40, 3)
    for text in ("\x1b[1;1Habcdef\x1b[1;1H", "\x1b[1;2H👍\x1b[1;1H"):
        writer.reduce(text, size)
    assert writer.reduce("\x1b[1;1Habcdef\x1b[1;1H", size) == "\x1b[Habcdef\x1b[H"
