"""Stores and services for benchmarks of the dashboard."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from hottui.analysis.answer_summary import summarize
from hottui.demo.simulation import Simulation
from hottui.model.answer import read_answer
from hottui.model.state import HOT_UPDATING, INIT
from hottui.model.tracking import Observation, Transition
from hottui.store.store import Store

_LONG_AGO = 40 * 86_400.0


class Quiet(Simulation):
    """A simulation whose hot updates ended long ago, except one that alternates between two states.

    `period` is the time in each state, in seconds; 0 omits it.
    """

    def __init__(self, size: int, period: float = 0.0) -> None:
        super().__init__(size=size, started=time.time() - _LONG_AGO)
        self._period = period

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        """Return the result; that of the alternating hot update depends on the time."""
        result = super().result(workspace, namespace, hot_update_id)
        if result and self._period and hot_update_id == self.updates[0].id:
            turn = int(time.time() / self._period) % 2
            result = {**result, "status": {**result["status"], "status": (INIT, HOT_UPDATING)[turn]}}
        return result


def furnish(path: Path, world: Simulation, endpoint: str, at: float | None = None) -> None:
    """Fill a store with the bookmarks of `world` and its answers, observed at `at`, by default a day ago."""
    store = Store.open(path)
    store.add_all(world.bookmarks(endpoint))
    at = time.time() - 86_400 if at is None else at
    for ref in world.refs(endpoint):
        data = world.result(ref.workspace, ref.namespace, ref.id)
        if data is not None:
            text = json.dumps({"success": True, "data": data})
            summary = replace(summarize(read_answer(text)), state=data["status"]["status"])
            store.record(Observation(ref, at, summary, "", text), Transition(ref, at, summary.state))
            store.mark_viewed(ref, at)
    store.close()
