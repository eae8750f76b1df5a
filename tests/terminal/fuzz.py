"""Fuzz the dashboard on a real terminal: it stays responsive, and no bookmark changes without a key."""

import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hottui.demo.server import serving
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from hottui.model.tracking import Bookmark
from hottui.store.store import Store
from tests.terminal.fuzzed import Source
from tests.terminal.ptys import HOTTUI, PATIENCE, Session, left_on, start
from tests.terminal.served import store_path

ANSWERS_WITHIN = 20.0
"""Timeout in seconds for quitting and signals, on a busy machine."""
GIVEN_UP = 6.0
"""Seconds without input after which an unterminated paste or string is over."""
MOST = 250 * 1024 * 1024
"""Maximum resident memory in bytes after any input."""
_BY_THE_TERMINAL = {128 + signal.SIGINT, -signal.SIGINT, 128 + signal.SIGQUIT, -signal.SIGQUIT}
"""After a quit in the noise, the rest of it reaches a terminal that makes signals of ctrl-c and ctrl-backslash."""
_ENDS = (b"q", b"\x03", signal.SIGTERM, signal.SIGQUIT, signal.SIGUSR1)


@dataclass(frozen=True)
class Outcome:
    """The result of one session. `faults` is empty on success."""

    faults: tuple[str, ...]
    pieces: int
    written: int
    memory: int
    """Bytes resident at its end."""


@contextmanager
def place(folder: Path, size: int = 40) -> Iterator[dict[str, str]]:
    """Serve a simulation, all bookmarked in a home in `folder`; yields the variables for it."""
    home = {f"XDG_{name.upper()}_HOME": str(folder / name) for name in ("data", "config", "state", "cache")}
    (folder / "tmp").mkdir()
    with serving(DemoService(Simulation(size=size))) as endpoint:
        world = Simulation(size=size)
        path = store_path(home)
        path.parent.mkdir(parents=True)
        with Store.open(path) as store:
            store.add_all(world.bookmarks(endpoint))
        yield {
            **home, "PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder / "tmp"),
            "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOTTUI_WORKSPACE": world.refs(endpoint)[0].workspace,
            "HOTTUI_ENDPOINT": endpoint, "HOTTUI_INTERVAL": "2", "ALIBABA_CLOUD_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ACCESS_KEY_SECRET,
        }  # fmt: skip


def bookmarks(home: dict[str, str]) -> dict[str, Bookmark | None]:
    """Return the bookmarks by ID."""
    with Store.open(store_path(home)) as store:
        return {tracked.ref.id: tracked.bookmark for tracked in store.tracked()}


def run(home: dict[str, str], seed: str, seconds: float, *, inert: bool, pieces: int = 1_000_000) -> Outcome:
    """Fuzz one program for some seconds or pieces, then end it. With `inert` input, nothing may change."""
    source = Source(seed)
    faults: list[str] = []
    before = bookmarks(home)
    reports = Path(home["XDG_STATE_HOME"]) / "hottui"
    known = set(reports.glob("crash-*"))
    session = start((*HOTTUI,), home, folder=home["HOME"])  # keys may export files
    sent, memory = 0, 0
    try:
        session.live()
        end = time.monotonic() + seconds
        while sent < pieces and time.monotonic() < end and _runs(session):
            sent += 1
            piece = source.inert() if inert else source.acting()
            if isinstance(piece, tuple):
                session.resize(*piece)
                session.watch(source.chance.choice((0.0, 0.05, 0.3)))
                continue
            for part in source.split(piece):
                if not send(session, part):
                    break
                session.watch(source.chance.choice((0.0, 0.0, 0.01, 0.12)))
        if _runs(session):
            memory = _memory(session)
            faults += _end(session, source, inert=inert)
        elif inert or session.ends() not in {0, *_BY_THE_TERMINAL}:
            faults.append(f"it ended with {session.status}")
        faults += _left(session)
        faults += [f"memory {memory / 1e6:.0f} MB"] if memory > MOST else []
        faults += ["a bookmark changed"] if inert and bookmarks(home) != before else []
    except AssertionError as failure:
        faults.append(str(failure)[:300])
    finally:
        session.close()
    for report in sorted(set(reports.glob("crash-*")) - known):
        faults.append("\n".join(report.read_text().splitlines()[-7:]))
    return Outcome(tuple(faults), sent, len(session.output), memory)


def send(session: Session, data: bytes) -> bool:
    """Write, reading output meanwhile; False if the program has ended. Raises AssertionError if it does not read."""
    end = time.monotonic() + PATIENCE
    os.set_blocking(session.fd, False)
    while data:
        assert time.monotonic() < end, "it does not read"
        if not _runs(session):
            return False
        if select.select([], [session.fd], [], 0.02)[1]:
            try:
                data = data[os.write(session.fd, data) :]
            except BlockingIOError:
                continue
            except OSError:
                return False
        session.take(0.0)
    return True


def _end(session: Session, source: Source, *, inert: bool) -> list[str]:
    """Quit by a key or a signal; return what was wrong."""
    how = source.chance.choice(_ENDS)
    session.resize(120, 40)
    if isinstance(how, bytes):
        session.watch(GIVEN_UP)
        for _ in range(0 if inert else 5):  # close prompts, help and palette
            send(session, b"\x1b")
            session.watch(0.4)
        expected = 0
        send(session, how)
    else:
        expected = 128 + how
        session.kill(how)
    code = session.ends()
    faults = [f"{how!r}: it ended with {code}"] if code not in {expected, -(expected - 128)} else []
    return faults + ([f"{how!r}: it took {session.ended_after:.1f} s"] if session.ended_after > ANSWERS_WITHIN else [])


def _left(session: Session) -> list[str]:
    """Return the modes that were left on."""
    faults = [f"left on: {name}" for name in left_on(bytes(session.output))]
    if session.settings() != session.before:
        faults.append("the terminal's settings are not restored")
    if b"Traceback" in session.output:
        faults.append("a traceback on the terminal")
    return faults


def _runs(session: Session) -> bool:
    if session.status is None:
        session._look()
    return session.status is None


def _memory(session: Session) -> int:
    try:
        return session.memory()
    except FileNotFoundError:
        return 0
