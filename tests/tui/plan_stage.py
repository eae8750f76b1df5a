"""The Plan tab for tests: opened on a hot update of the demo, or on a plan that was made up."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any

from hottui.graph.render.drawing import Box
from hottui.model.answer import Answer, read_answer
from hottui.render.detail_context import DetailContext
from hottui.tui.detail.plan_actions import PlanTab
from hottui.tui.detail.plan_canvas import PlanCanvas
from hottui.tui.widgets.header_footer import Bar
from tests.tui.conftest import MakeStage
from tests.tui.scenes import loaded, put_cursor, tab
from tests.tui.stage import AppPilot, dashboard, drawn, until

WORKERS = ("subject", "plan", "text")
"""The workers that prepare what the detail shows."""
Document = dict[str, Any]


@asynccontextmanager
async def opened(
    make_stage: MakeStage, label: str = "orders-enrich", size: tuple[int, int] = (120, 40), **opening: Any
) -> AsyncIterator[AppPilot]:
    """The Plan tab of the demo's hot update with this label, enlarged."""
    async with make_stage(size=None, denied=False).running(size, **opening) as pilot:
        put_cursor(pilot, label)
        await drawn(pilot)
        await pilot.press(tab("plan"))
        await loaded(pilot)
        await press(pilot, "z")
        yield pilot


async def rested(pilot: AppPilot) -> None:
    """Wait until all is read and drawn that was begun; made up hot updates are not in the table, which is no matter."""
    await until(pilot, lambda: all(work.is_finished for work in pilot.app.workers if work.group in WORKERS))
    await drawn(pilot)
    await until(pilot, lambda: all(work.is_finished for work in pilot.app.workers if work.group in WORKERS))
    await drawn(pilot)


async def press(pilot: AppPilot, *keys: str) -> None:
    """Press keys, each when all that the one before began is done."""
    for key in keys:
        await pilot.press(key)
        await rested(pilot)


def view(pilot: AppPilot) -> PlanTab:
    """The Plan tab."""
    return dashboard(pilot).query_one(PlanTab)


def canvas(pilot: AppPilot) -> PlanCanvas:
    """Its drawing."""
    return view(pilot).canvas


def chosen(pilot: AppPilot) -> Box:
    """The selected box."""
    box = canvas(pilot).selected
    assert box is not None
    return box


def noted(pilot: AppPilot) -> str:
    """The line below the drawing."""
    return view(pilot).query_one("#plan-note", Bar).text.strip()


def panel(pilot: AppPilot) -> str:
    """The words beside it."""
    return "\n".join(line.text for line in view(pilot).panel.lines)


def subject(pilot: AppPilot) -> DetailContext:
    """What the pane is about."""
    pane = dashboard(pilot).detail
    assert pane is not None
    assert pane.subject is not None
    return pane.subject


def about(pilot: AppPilot, plan: Document | str | None, name: str = "made up", **data: Any) -> DetailContext:
    """Another hot update, whose answer has this plan."""
    now = subject(pilot)
    tracked = replace(now.tracked, ref=replace(now.tracked.ref, id=name))
    return replace(now, tracked=tracked, answer=answered(plan, **data), before=None)


def give(pilot: AppPilot, what: DetailContext) -> None:
    """Let the pane show it, as the dashboard does after a read."""
    pane = dashboard(pilot).detail
    assert pane is not None
    pane.show(what)


def answered(plan: Document | str | None, **data: Any) -> Answer:
    """An answer with this plan."""
    raw = json.dumps(plan) if isinstance(plan, dict) else plan
    expert = {"resourcePlan": raw, "jobmanagerResourceSettingSpec": {"cpu": 1, "memory": "4 GiB"}}
    setting = {"resourceSettingMode": "EXPERT", "expertResourceSetting": expert}
    body = {"jobHotUpdateId": "x", "targetResourceSetting": {"streamingResourceSetting": setting}, **data}
    return read_answer(json.dumps({"success": True, "data": body}))


def layered(count: int, seed: int = 1) -> Document:
    """Layers as long as there are many, each node feeding one or two of the next layer."""
    random, breadth = Random(seed), max(round(count**0.5), 1)
    nodes = [
        {
            "id": n,
            "type": "StreamExecCalc",
            "desc": f"Calc(select=[f{n}])[{n}]",
            "profile": {"group": "ab"[n % 2], "parallelism": 4, "minParallelism": 1, "maxParallelism": 128},
        }
        for n in range(count)
    ]
    edges = [
        {"source": n, "target": target, "mode": "PIPELINED", "strategy": random.choice(("FORWARD", "HASH"))}
        for n in range(count - breadth)
        for target in {n // breadth * breadth + breadth + random.randrange(breadth) for _ in range(1 + n % 2)}
        if target < count
    ]
    groups = [{"name": name, "cpu": 1, "heap": "1 gb", "offHeap": "32 mb", "managed": {}} for name in "ab"]
    return {
        "ssgProfiles": groups,
        "nodes": nodes,
        "edges": edges,
        "vertices": {f"{n:032x}": [n] for n in range(count)},
    }
