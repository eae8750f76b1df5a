"""Serve the demo in its own process, so that its cost is measured separately.

`python -m tests.benchmarks.served` prints the port and serves until its standard input ends.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from hottui.demo.service import DemoService
from hottui.demo.simulation import Simulation
from tests.benchmarks.stage import Quiet


@contextmanager
def served(
    *,
    size: int | None = None,
    world: str = "still",
    started: float = 0.0,
    latency: float = 0.0,
    chaos: float = 0.0,
    chain: Path | None = None,
) -> Iterator[str]:
    """Serve the demo in its own process; yields its endpoint. The parameters are those of the command."""
    options = {"size": size, "world": world, "started": started, "latency": latency, "chaos": chaos, "chain": chain}
    given = [f"--{name}={value}" for name, value in options.items() if value is not None]
    command = [sys.executable, "-m", "tests.benchmarks.served", *given]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        port = server.stdout.readline().strip()
        try:
            yield f"https://localhost:{port}" if chain else f"http://127.0.0.1:{port}"
        finally:
            server.stdin.close()


def make_world(kind: str, size: int | None, started: float) -> Simulation:
    """`still`: nothing moves; `living`: begun at `started`, on the real clock; `quiet`: all ended long ago."""
    if kind == "still":
        now = time.time()
        return Simulation(clock=lambda: now, size=size)
    if kind == "living":
        return Simulation(size=size, started=started)
    return Quiet(size or 40)


async def serve(service: DemoService, chain: Path | None) -> None:
    """Serve until standard input ends."""
    config = uvicorn.Config(
        service,
        port=0,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        date_header=False,
        timeout_keep_alive=60,
        ssl_certfile=chain,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 — uvicorn has no event for it
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving


def main() -> None:
    """Serve according to the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", choices=("still", "living", "quiet"), default="still")
    parser.add_argument("--size", type=int, default=None, help="hot updates (default: the cast)")
    parser.add_argument("--started", type=float, default=0.0, help="when a living world began, since the epoch")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds for each request")
    parser.add_argument("--chaos", type=float, default=0.0, help="the probability of a fault")
    parser.add_argument("--chain", type=Path, default=None, help="key and certificate: serve over TLS")
    given = parser.parse_args()
    world = make_world(given.world, given.size, given.started)
    asyncio.run(serve(DemoService(world, latency=given.latency, chaos=given.chaos), given.chain))


if __name__ == "__main__":
    main()
