"""Fixtures: a home folder per test, the command run here or in a process, and servers over real HTTP."""

import io
import os
import signal
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hottui import paths
from hottui.cli.command_group import cli
from hottui.cli.run_command import run
from hottui.demo.jobs import DEMO_UPDATES
from hottui.demo.server import serving
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.store.store import Store

PATIENCE = 120.0
"""Seconds that no working command needs, however slow the machine is."""


@dataclass(frozen=True)
class Outcome:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Home:
    """The user's folders."""

    folder: Path

    def configure(self, text: str) -> Path:
        """Write config.toml."""
        path = paths.config_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def store(self) -> Store:
        """Return the user's store, opened as another process would."""
        return Store.open(paths.store_path())


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Set an empty home folder, and unset every variable that hottui uses."""
    for name in os.environ:
        if name.startswith(("HOTTUI_", "ALIBABA_CLOUD_", "LC_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, folder in (("DATA", "data"), ("CONFIG", "config"), ("STATE", "state"), ("CACHE", "cache")):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / folder))
    monkeypatch.setenv("LANG", "C.UTF-8")
    return Home(tmp_path)


Command = Callable[..., Outcome]


@pytest.fixture
def hottui(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return a function that runs a command line in this process, with `given` on standard input."""

    def command(*args: str, given: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsys.readouterr()
        code = run(cli, args)
        return Outcome(code, *capsys.readouterr())

    return command


class Started(subprocess.Popen[bytes]):
    """A process that is killed at the end of its `with` block."""

    def __exit__(self, *found: Any) -> None:
        """Kill the process if it is still running, and close its pipes."""
        self.kill()
        super().__exit__(*found)


def started(*args: str, program: tuple[str, ...] = ("-m", "hottui"), **more: Any) -> Started:
    """Start hottui in its own session, so that a signal reaches only that process."""
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return Started([sys.executable, *program, *args], start_new_session=True, **given)


_BEGIN = """
import os, sys
class Mark:
    def find_spec(name, *_):
        if name == "hottui.cli.command_group":
            os.write(1, b"!")
sys.meta_path.insert(0, Mark)
from hottui.cli import main
main()
"""


def started_and_running(*args: str, **more: Any) -> Started:
    """Start hottui and wait until its own code runs: an earlier signal is handled by the interpreter alone."""
    running = started(*args, program=("-c", _BEGIN), **more)
    assert running.stdout is not None
    assert running.stdout.read(1) == b"!"
    return running


def process(*args: str, given: bytes = b"", environment: Mapping[str, str] | None = None, **more: Any) -> Outcome:
    """Run a command line in a new process."""
    env = {**os.environ, **(environment or {})}
    with started(*args, env=env, **{"stdin": subprocess.PIPE, **more}) as running:
        out, err = running.communicate(given or None, timeout=PATIENCE)
    return Outcome(running.returncode, (out or b"").decode(errors="replace"), (err or b"").decode(errors="replace"))


def interrupt(running: Started) -> Outcome:
    """Send SIGINT, as ctrl-c does, and return the outcome."""
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=PATIENCE)
    return Outcome(running.returncode, out.decode(), err.decode())


@pytest.fixture(scope="session")
def world() -> Simulation:
    """Return the simulation, shared by all tests."""
    return Simulation()


@pytest.fixture(scope="session")
def endpoint(world: Simulation) -> Iterator[str]:
    """Serve the demo on a port; yield its endpoint."""
    with serving(DemoService(world)) as origin:
        yield origin


@pytest.fixture(scope="session")
def still() -> Simulation:
    """Return a simulation in which no hot update begins, so that what finished jobs run with does not change."""
    return Simulation(size=len(DEMO_UPDATES))


@pytest.fixture(scope="session")
def still_endpoint(still: Simulation) -> Iterator[str]:
    """Serve `still` on a port; yield its endpoint."""
    with serving(DemoService(still)) as origin:
        yield origin


@pytest.fixture
def member(world: Simulation) -> SimulatedUpdate:
    """Return a finished hot update that may be read."""
    done = (each for each in world.updates if each.spec.lifecycle.state(world.elapsed) == "HOT_UPDATED")
    return next(each for each in done if not each.spec.denied)


@pytest.fixture
def place(endpoint: str, member: SimulatedUpdate, monkeypatch: pytest.MonkeyPatch) -> str:
    """Set the variables for the demo service; return its endpoint."""
    key, where = (ACCESS_KEY_ID, ACCESS_KEY_SECRET), member.spec.job.namespace
    lead(monkeypatch, endpoint, key, where.workspace, where.name)
    return endpoint


def lead(
    monkeypatch: pytest.MonkeyPatch,
    endpoint: str,
    key: tuple[str, str] = (ACCESS_KEY_ID, ACCESS_KEY_SECRET),
    workspace: str = "ws",
    namespace: str = "ns",
) -> None:
    """Set the variables for `endpoint`."""
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", key[0])
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", key[1])
    monkeypatch.setenv("HOTTUI_ENDPOINT", endpoint)
    monkeypatch.setenv("HOTTUI_WORKSPACE", workspace)
    monkeypatch.setenv("HOTTUI_NAMESPACE", namespace)


class Held:
    """Delays the replies of a server: `asked` is set by a request, and `go` releases the replies."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()


@contextmanager
def answering(*replies: bytes, held: Held | None = None) -> Iterator[str]:
    """Serve raw `replies`, one per connection, the last one repeatedly; yield the origin."""
    waiting = list(replies)

    class Peer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            if held is not None:
                held.asked.set()
                held.go.wait(PATIENCE)
            self.request.sendall(waiting.pop(0) if len(waiting) > 1 else waiting[0])

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Peer) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            if held is not None:
                held.go.set()
            server.shutdown()
            thread.join()


def http(body: bytes, status: str = "200 OK", kind: str = "application/json", length: int | None = None) -> bytes:
    """Return a raw HTTP response; `length` replaces the true value of its Content-Length."""
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n"
    return head.encode() + body
