"""A stalled connection, and a resized terminal: nothing is lost, blocked or accumulated."""

import re
import signal
import time
from itertools import pairwise

from hottui.store.store import Store
from tests.terminal.conftest import Open
from tests.terminal.ptys import HOTTUI, PATIENCE, Session, shown
from tests.terminal.served import Restless, store_path, watched

_STALL = 8.0
"""In seconds; twenty behave the same."""
_SYNC = re.compile(rb"\x1b\[\?2026([hl])")


def static(session: Session, output: bytes) -> list[list[tuple[object, ...]]]:
    """Return all cells without times and without the measured polling interval."""
    screen = shown(output, *session.size)
    titles = next(n for n, row in enumerate(screen.rows()) if "STATE" in row and "SEEN" in row)
    header = screen.rows()[titles]
    times = {*range(header.index("FOR"), header.index("FOR") + 4), *range(header.index("SEEN"), session.size[0])}
    rows = [[cell for x, cell in enumerate(row) if x not in times] for row in screen.looks()[: session.size[1] - 1]]
    return [rows[0][: screen.rows()[0].index("live, every")], *rows[1:]]  # the measured interval follows


def test_a_stalled_link_blocks_nothing(open_on_terminal: Open, environment: dict[str, str]) -> None:
    world = Restless(30)
    with watched(world, environment) as home:
        session = open_on_terminal(*HOTTUI, env={**home})
        session.type(b"\x1b[?2026;2$y")  # this terminal supports synchronized output
        session.live().shows("UPDATING")
        session.watch(1.0)
        began, memory = time.monotonic(), session.memory()
        grown = 0
        while time.monotonic() - began < _STALL:  # nothing is read
            session.type(b"j\x1b[6~k")
            session.resize(119 + int(time.monotonic() * 5) % 2, 40)
            grown = max(grown, session.memory() - memory)
            time.sleep(0.2)
        ended = time.monotonic()
        session.resize(120, 40)
        world.rest = True

        reads = [at for at in world.read_at if began < at < ended]
        gaps = [after - before for before, after in pairwise([began, *reads, ended])]
        assert max(gaps) < 5.0, "the stalled terminal delayed polling"
        assert grown < 16 * 2**20

        mark = len(session.output)
        session.watch(0.5)
        assert len(session.output) - mark < 400_000, "outdated frames were written"

        session.until(lambda: "UPDATING" not in str(session.screen().rows()[2:]), "all at rest")
        session.watch(1.5)
        before = static(session, bytes(session.output))
        mark = len(session.output)
        session.type(b"\x1a")  # without a shell: everything is drawn again
        session.sees("\x1b[?1049h", since=mark)
        mark = session.output.rindex(b"\x1b[?1049h")
        session.sees("live, every", since=mark)
        session.watch(1.0)
        fresh = bytes(session.output[mark:])
        assert static(session, fresh) == before, "the screen was outdated after the stall"

        marks = _SYNC.findall(bytes(session.output))
        assert marks, "synchronized output was never used"
        assert all(marks[n] == b"hl"[n % 2 : n % 2 + 1] for n in range(len(marks))), "not closed, or opened twice"

    store = Store.open(store_path(environment))
    moves = [move for row in store.tracked() for move in store.transitions(row.ref)]
    store.close()
    stalled_from = time.time() - (time.monotonic() - began)
    during = [move for move in moves if stalled_from < move.at < stalled_from + _STALL]
    assert len(during) > _STALL, "transitions during the stall were missed"


def test_any_terminal_size_at_any_time(open_on_terminal: Open) -> None:
    session = open_on_terminal().live()
    sizes = [(1, 1), (300, 90), (2, 1), (1, 50), (200, 1), (80, 24), (3, 3), (120, 12), (40, 8), (13, 2), (500, 3)]
    for n in range(400):
        session.resize(*sizes[n % len(sizes)])
        if n % 7 == 0:
            session.type((b"j", b"\r", b"\t", b"5", b"\x1b", b"?", b"\x1b", b"z", b"/", b"\x1b", b"1")[n // 7 % 11])
        session.take(0.0 if n % 3 else 0.02)
    for size in [(1, 1), (1, 1), (200, 50), (1, 1), (100, 30)]:
        session.resize(*size)
        session.take(0.3)
    session.type(b"\x1b\x1b")
    session.resize(120, 40)
    end = time.monotonic() + PATIENCE
    while "live, every" not in session.screen().rows()[0]:
        assert time.monotonic() < end, session.screen().rows()
        session.take(0.3)
    session.kill(signal.SIGTERM)
    assert session.ends() == 143
    assert b"Internal error" not in session.output
