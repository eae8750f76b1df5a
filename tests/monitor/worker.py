"""One of several processes that share a store: adds ten bookmarks, waits for those of all, and ends."""

import asyncio
import sys
import time
from pathlib import Path

from hottui.model.state import HOT_UPDATED
from hottui.store.store import Store
from tests.monitor.bench import bench, until

WORKERS, EACH = 8, 10


async def main(path: Path, number: int) -> None:
    store = Store.open(path)
    async with bench(store, clock=time.time, seed=number) as b:
        for worker in range(WORKERS):
            b.script(HOT_UPDATED, *(f"id-{worker}-{each}" for each in range(EACH)))
        for each in range(EACH):
            b.monitor.track([b.ref(f"id-{number}-{each}")], bookmark=True, label=f"worker {number}")
            await asyncio.sleep(0.05)
        await until(
            lambda: len([one for one in b.monitor.snapshot().tracked if one.state == HOT_UPDATED]) == WORKERS * EACH, 90
        )
    store.close()


asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
