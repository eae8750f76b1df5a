"""A service with small hot updates and a large one that changes continuously, in its own process.

`python -m tests.benchmarks.large_world KIND FILE` prints its port and serves until standard input ends. FILE gets a
line for each request: the ID and the time it came.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hottui.demo.asgi import Receive, Scope, Send
from hottui.demo.service import DemoService
from hottui.demo.simulation import Simulation
from hottui.model.state import HOT_UPDATING
from tests.benchmarks.served import serve

PERIOD = 2.0
"""Seconds after which the large answer changes."""
OTHERS = 9
_NODES, _KEYS, _FRAMES = 5_000, 200_000, 25_000


class Large(Simulation):
    """A simulation with every hot update in progress; the first has an answer of 2 MB (4 MB in `conf` and `asked`)."""

    def __init__(self, kind: str) -> None:
        super().__init__(size=1 + OTHERS)
        self.large = self.updates[0].id
        self._kind = kind
        self._plan = _plan_text(_NODES) if kind == "plan" else ""
        self._conf = {f"option-{n}": str(n) for n in range(_KEYS if kind in {"conf", "asked"} else 0)}
        self._trace = "\n".join(
            f"\tat org.apache.flink.runtime.Class{n}.method(Class{n}.java:{n})" for n in range(_FRAMES)
        )

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        """Return the result, in progress, and large if it is the first."""
        result = super().result(workspace, namespace, hot_update_id)
        if result is None:
            return None
        result = {**result, "status": {**result["status"], "status": HOT_UPDATING}}
        if hot_update_id != self.large:
            return result
        turn = str(1000 + int(time.time() / PERIOD) % 9000)
        if self._kind == "plan":
            expert = {"resourcePlan": self._plan.replace("@@@@", turn)}
            setting = {"resourceSettingMode": "EXPERT", "expertResourceSetting": expert}
            return {**result, "targetResourceSetting": {"streamingResourceSetting": setting}}
        if self._kind == "conf":
            conf = {**self._conf, "turn": turn}
            asked = {"turn": turn, "option-7": "8"}
        if self._kind == "asked":
            conf, asked = {"option-7": "8"}, {**self._conf, "turn": turn}
        if self._kind in {"conf", "asked"}:
            update = {"updateJobConfigParam": {"newFlinkConf": asked}}
            return {**result, "hotUpdateParams": update, "targetResourceSetting": {"flinkConf": conf}}
        failure = {"failureSeverity": "HIGH", "reason": f"Reason {turn}", "message": f"Error {turn}\n{self._trace}"}
        return {**result, "status": {**result["status"], "failure": failure}}


def _plan_text(nodes: int) -> str:
    """Return a plan of `nodes` operators as the text that the service sends."""
    described = "Calc(select=[user_id, amount, currency, TO_TIMESTAMP(ts) AS rowtime, region, 'naïve' AS kind])"
    plan = {
        "ssgProfiles": [
            {"name": name, "cpu": 0.5, "heap": "1 gb", "offHeap": "32 mb", "managed": {"STATE_BACKEND": "512 mb"}}
            for name in "abcd"
        ],
        "nodes": [
            {
                "id": n,
                "type": "StreamExecCalc",
                "desc": f"{described}[{n} @@@@]",
                "profile": {"group": "abcd"[n % 4], "parallelism": 4, "maxParallelism": 128, "minParallelism": 1},
            }
            for n in range(nodes)
        ],
        "edges": [
            {"source": n, "target": n + step, "mode": "PIPELINED", "strategy": "HASH" if n % 5 == 0 else "FORWARD"}
            for n in range(nodes)
            for step in (70, 71)
            if n % 70 + step < 140 and n + step < nodes
        ],
        "vertices": {f"{n:032x}": [n] for n in range(nodes)},
    }
    return json.dumps(plan, ensure_ascii=False)


class _Noted(DemoService):
    def __init__(self, world: Simulation, requests: Path) -> None:
        super().__init__(world)
        self._requests = requests.open("a")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            print(scope["path"].rpartition("/")[2], time.monotonic(), file=self._requests, flush=True)
        await super().__call__(scope, receive, send)


@contextmanager
def served_large(kind: str, requests: Path) -> Iterator[str]:
    """Run the service in its own process; yields its endpoint."""
    command = [sys.executable, "-m", "tests.benchmarks.large_world", kind, str(requests)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        port = server.stdout.readline().strip()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.stdin.close()


if __name__ == "__main__":
    asyncio.run(serve(_Noted(Large(sys.argv[1]), Path(sys.argv[2])), None))
