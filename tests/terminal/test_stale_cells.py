"""During random keys, text, resizes and stops, the terminal shows what it would show with everything written."""

import json
import random
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pyte
from rich.cells import cell_len

from tests.terminal.conftest import Open
from tests.terminal.ptys import Session, Terminal

_ROOT = Path(__file__).parents[2]
_OPERATIONS = 1_000
_KEYS = [b"j", b"k", b"\x1b[B", b"\x1b[A", b"\x1b[6~", b"\x1b[5~", b"g", b"G", b"\r", b"\t", b"1", b"2", b"3", b"\x1b"]
_TYPED = ["/作业\x1b", "/e\u0301a\x1b", "?", "s", "/a\r", "/名b\r", "/あx\x7f\x7f\r", "/👍\x1b", "/\x15\r"]
_SIZES = [(120, 40), (100, 30), (121, 40), (80, 24), (60, 12)]


def operate(session: Session, chance: random.Random) -> None:
    """Do one random thing."""
    kind = chance.random()
    if kind < 0.06:
        session.resize(*chance.choice(_SIZES))
    elif kind < 0.08:
        session.kill(signal.SIGTSTP)  # without a shell, everything is drawn again
    elif kind < 0.2:
        session.type(chance.choice(_TYPED).encode())
    else:
        session.type(chance.choice(_KEYS))
    session.take(0.05 if chance.random() < 0.3 else 0.01)


def a_terminal(columns: int, rows: int) -> Terminal:
    """Return a terminal full of text of others: after a resize or a stop, anything may be in any cell."""
    screen = Terminal(columns, rows)
    screen.reset_mode(7, private=True)  # Textual turns automatic line breaks off
    for y in range(rows):
        for x in range(columns):
            screen.buffer[y][x] = pyte.screens.Char("#")
    return screen


def within(text: str, columns: int, rows: int) -> tuple[str, bool]:
    """Return the part of a frame within the terminal, and whether it was wider.

    A frame of before a resize may exceed the terminal, which scrolls then and repeats lines in its last one.
    """
    wider = False
    kept = []
    for piece in re.split(r"(?=\x1b\[\d+;\d+H)", text):
        move = re.match(r"\x1b\[(\d+);(\d+)H", piece)
        if move and int(move[1]) > rows:
            continue
        width = cell_len(re.sub(r"\x1b\[[\d;]*[mH]|\n", "", piece))
        wider = wider or bool(move and int(move[2]) - 1 + width > columns)
        kept.append(piece.replace("\n", "") if move else piece)
    return "".join(kept), wider


def compared(record: Path) -> Iterator[tuple[int, int]]:
    """Compare both terminals after every write; yield the characters that were to be written, and that were."""
    full, reduced, edge = a_terminal(1, 1), a_terminal(1, 1), False
    for n, line in enumerate(record.read_text().splitlines()):
        text, written, columns, rows, uncertain = json.loads(line)
        if uncertain or (full.columns, full.lines) != (columns, rows):
            full, reduced, edge = a_terminal(columns, rows), a_terminal(columns, rows), False
        fitting, wider = within(text, columns, rows)
        edge = edge or wider
        for screen, data in ((full, fitting), (reduced, written)):
            screen.dirty.clear()
            pyte.Stream(screen).feed(data.replace("\x1b[<u", ""))
        for y in full.dirty | reduced.dirty:
            compared = columns - edge  # what exceeds the terminal is in its last column
            expected, actual = ([screen.buffer[y][x] for x in range(compared)] for screen in (full, reduced))
            assert actual == expected, (n, y, full.rows()[y], reduced.rows()[y])
        yield len(text), len(written)


def test_no_stale_cell_during_a_thousand_operations(
    open_on_terminal: Open, environment: dict[str, str], tmp_path: Path
) -> None:
    chance, record = random.Random(13), tmp_path / "record"
    command = (sys.executable, "-m", "tests.terminal.recorded", "demo")
    session = open_on_terminal(*command, env={"PYTHONPATH": str(_ROOT), "RECORD": str(record)}).live()
    for _ in range(_OPERATIONS):
        operate(session, chance)
    session.quiet(0.2)
    session.kill(signal.SIGTERM)
    assert session.ends() == 143
    raw, written = zip(*compared(record), strict=True)
    assert len(raw) > 100
    assert sum(written) < sum(raw)
