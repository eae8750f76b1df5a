"""Serve the demo on a loopback port for other programs: `hottui demo --serve PORT`."""

import asyncio
import errno
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Final

from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from hottui.errors import ExitCode, HottuiError

if TYPE_CHECKING:
    import uvicorn


LOOPBACK: Final = "127.0.0.1"


class CannotServe(HottuiError):
    """The demo server cannot start."""

    exit_code = ExitCode.USAGE


async def serve(port: int, announce: Callable[[str], object], service: DemoService | None = None) -> None:
    """Serve the demo on `port` of the loopback address (0: any free port) until cancelled or interrupted.

    `announce` is called with instructions for connecting once the server accepts connections. Raises CannotServe.
    """
    service = service or DemoService(Simulation())
    server = _server(service)
    with closing(_listen(port)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            while not (server.started or serving.done()):  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            if server.started:
                announce(connection_instructions(service.simulation, _origin(listening)))
            await asyncio.shield(serving)
        finally:
            server.should_exit = True
            await serving


@contextmanager
def serving(service: DemoService, port: int = 0) -> Iterator[str]:
    """Serve `service` on the loopback address in a thread while the context is active; yield its endpoint.

    Raises CannotServe.
    """
    server = _server(service)
    with closing(_listen(port)) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, name="demo service")
        thread.start()
        while thread.is_alive() and not server.started:
            time.sleep(0.005)
        try:
            yield _origin(listening)
        finally:
            server.should_exit = True
            thread.join()


def _server(service: DemoService) -> "uvicorn.Server":
    try:
        import uvicorn  # noqa: PLC0415 - optional dependency
    except ImportError:
        raise CannotServe(
            "Serving the demo needs uvicorn, which is not installed.",
            "Install it: pip install uvicorn, pipx inject hottui uvicorn, or the extra `serve`.",
        ) from None
    config = uvicorn.Config(
        service,
        lifespan="off",
        ws="none",
        access_log=False,
        log_config=None,
        date_header=False,  # the service's own clock writes it
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def _origin(listening: socket.socket) -> str:
    return f"http://{LOOPBACK}:{listening.getsockname()[1]}"


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise CannotServe(f"Cannot listen on {LOOPBACK}:{port}: {_why(error)}.", "Choose another port.") from None
    return listening


def _why(error: OSError | OverflowError) -> str:
    if isinstance(error, OverflowError):
        return "ports are numbers from 0 to 65535"
    match error.errno:
        case errno.EADDRINUSE:
            return "the port is already in use"
        case errno.EACCES:
            return "ports below 1024 need root privileges"
    return (error.strerror or str(error)).lower()


def connection_instructions(simulation: Simulation, endpoint: str) -> str:
    """Return instructions for connecting: the environment variables to set, and some IDs to try."""
    first = simulation.updates[0].spec.job.namespace
    same_namespace = [update for update in simulation.updates if update.spec.job.namespace == first][:4]
    lines = [
        f"The demo service listens at {endpoint}. To use it in another shell:",
        "",
        f"export ALIBABA_CLOUD_ACCESS_KEY_ID={ACCESS_KEY_ID}",
        f"export ALIBABA_CLOUD_ACCESS_KEY_SECRET={ACCESS_KEY_SECRET}",
        f"export HOTTUI_ENDPOINT={endpoint}",
        f"export HOTTUI_WORKSPACE={first.workspace}",
        f"export HOTTUI_NAMESPACE={first.name}",
        "",
        "Some IDs to try, for example: hottui get ID",
        *(f"  {update.id}  {update.spec.label}" for update in same_namespace),
        "",
        "Press ctrl-c to stop.",
    ]
    return "\n".join(lines)
