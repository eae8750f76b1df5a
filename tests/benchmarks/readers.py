"""Read many hot updates in a separate process, with hottui's client or one of the official SDK's three modes.

`python -m tests.benchmarks.readers MODE ENDPOINT CA READS AT_ONCE` prints one JSON object: `cpu` and `wall` in seconds
for READS reads, after a few that are not counted. CA is a file, or `-`.
"""

import asyncio
import json
import resource
import sys
import time
import warnings
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET
from hottui.demo.simulation import Simulation
from hottui.model.ref import Ref

Measured = dict[str, float]


def targets(endpoint: str, reads: int) -> list[Ref]:
    """Return refs that the demo answers with a result, repeated."""
    world = Simulation()
    good = [
        ref
        for ref in world.refs(endpoint)
        if not world.denies(ref.workspace, ref.namespace, ref.id)
        and world.result(ref.workspace, ref.namespace, ref.id) is not None
    ]
    return [good[n % len(good)] for n in range(reads)]


def measured(work: Callable[[], object]) -> Measured:
    """Return CPU and wall time of `work`, in seconds."""
    before, started = _cpu(), time.perf_counter()
    work()
    return {"cpu": _cpu() - before, "wall": time.perf_counter() - started}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def hottui(refs: list[Ref], at_once: int, _: str) -> Measured:
    """hottui's client."""
    from hottui.demo.in_process import credentials
    from hottui.service.client import Client

    source = credentials()
    with asyncio.Runner() as runner:
        client = Client(lambda ref: source)
        runner.run(_all(client.read, refs[:at_once], at_once))
        figures = measured(lambda: runner.run(_all(client.read, refs, at_once)))
        runner.run(client.aclose())
    return figures


async def _all(read: Callable[[Ref], Awaitable[object]], refs: list[Ref], at_once: int) -> None:
    left = iter(refs)

    async def reader() -> None:
        for ref in left:
            await read(ref)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(reader())


class Sdk:
    """The official SDK's client, with hottui's requests."""

    def __init__(self, endpoint: str, ca: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from alibabacloud_tea_openapi.utils_models import Config
            from alibabacloud_ververica20220718 import models
            from alibabacloud_ververica20220718.client import Client
            from darabonba.runtime import RuntimeOptions
        scheme, _, host = endpoint.partition("://")
        self._client = Client(
            Config(
                access_key_id=ACCESS_KEY_ID,
                access_key_secret=ACCESS_KEY_SECRET,
                endpoint=host,
                protocol=scheme.upper(),
            )
        )
        self._headers = models.GetHotUpdateJobResultHeaders
        self._runtime = RuntimeOptions(ca=None if ca == "-" else ca)

    def read(self, ref: Ref) -> Any:
        """One read, blocking."""
        headers = self._headers(workspace=ref.workspace, common_headers={})
        return _checked(
            self._client.get_hot_update_job_result_with_options(ref.namespace, ref.id, headers, self._runtime)
        )

    async def read_async(self, ref: Ref) -> Any:
        """One read on the event loop."""
        headers = self._headers(workspace=ref.workspace, common_headers={})
        call = self._client.get_hot_update_job_result_with_options_async
        return _checked(await call(ref.namespace, ref.id, headers, self._runtime))


def _checked(answer: Any) -> Any:
    if not answer.body.success:
        raise RuntimeError(f"the SDK read no result: {answer.body}")
    return answer


def sdk_sync(refs: list[Ref], _: int, ca: str) -> Measured:
    """The SDK with sequential calls."""
    sdk = Sdk(refs[0].endpoint, ca)
    sdk.read(refs[0])
    return measured(lambda: [sdk.read(ref) for ref in refs])


def sdk_threads(refs: list[Ref], at_once: int, ca: str) -> Measured:
    """The SDK's blocking calls on threads."""
    sdk = Sdk(refs[0].endpoint, ca)
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(sdk.read, refs[:at_once]))
        return measured(lambda: list(pool.map(sdk.read, refs)))


def sdk_async(refs: list[Ref], at_once: int, ca: str) -> Measured:
    """The SDK's async calls."""
    sdk = Sdk(refs[0].endpoint, ca)
    with asyncio.Runner() as runner:
        runner.run(_all(sdk.read_async, refs[:at_once], at_once))
        return measured(lambda: runner.run(_all(sdk.read_async, refs, at_once)))


MODES = {"hottui": hottui, "sdk-sync": sdk_sync, "sdk-threads": sdk_threads, "sdk-async": sdk_async}


def main() -> None:
    """Run one mode."""
    mode, endpoint, ca, reads, at_once = sys.argv[1:]
    print(json.dumps(MODES[mode](targets(endpoint, int(reads)), int(at_once), ca)))


if __name__ == "__main__":
    main()
