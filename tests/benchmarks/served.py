"""The demo served in a process of its own, so that its cost is nobody else's.

`python -m tests.benchmarks.served LATENCY [CHAIN]` prints the port and serves until its standard input ends; with
CHAIN, a file with key and certificate, over TLS.
"""

import asyncio
import sys
import time

import uvicorn

from hottui.demo.service import DemoService
from hottui.demo.world import World


async def main() -> None:
    """Serve."""
    latency, chain = float(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None
    now = time.time()  # the world stands still: a hot update that comes or goes would spoil a round
    config = uvicorn.Config(
        DemoService(World(clock=lambda: now), latency=latency),
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


if __name__ == "__main__":
    asyncio.run(main())
