"""No search for garbage holds up the event loop beside a large plan, and none is put off for good."""

import gc
import json
import warnings
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from hottui.demo.simulation import Simulation
from hottui.graph.render.display_list import Stamp
from hottui.model.plan import Node
from hottui.runtime import garbage_collection
from hottui.tui.background_thread import free
from hottui.tui.detail.plan_actions import PlanTab
from tests.tui.conftest import MakeStage
from tests.tui.plan_stage import about, give, layered, noted, opened, rested
from tests.tui.scenes import loaded, put_cursor, tab
from tests.tui.stage import dashboard, drawn, until


class Search(NamedTuple):
    """A search for garbage: its generation, and how many nodes and pieces of drawn boxes it visits."""

    generation: int
    visited: int


@contextmanager
def searches() -> Iterator[list[Search]]:
    """What is searched meanwhile, in all threads."""
    seen: list[Search] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            generation = info["generation"]
            objects = (each for part in range(generation + 1) for each in gc.get_objects(part))
            seen.append(Search(generation, sum(isinstance(each, Node | Stamp) for each in objects)))

    gc.callbacks.append(note)
    try:
        yield seen
    finally:
        gc.callbacks.remove(note)


def litter() -> None:
    """Leave far more objects behind than any threshold allows."""
    kept = [[] for _ in range(200_000)]  # type: ignore[var-annotated]
    assert all(a is not b for a, b in pairwise(kept))


def test_collection_is_postponed_and_resumed() -> None:
    with garbage_collection.postponed(), searches() as during:
        litter()
        with garbage_collection.postponed():
            litter()
        litter()
    assert not during
    with searches() as after:
        litter()
    assert after


def test_objects_made_meanwhile_are_frozen() -> None:
    gc.collect()
    with garbage_collection.frozen_afterwards():
        kept = [[] for _ in range(1_000)]  # type: ignore[var-annotated]
    try:
        assert not any(each is kept for each in gc.get_objects())
    finally:
        gc.unfreeze()


class Knot:
    """Garbage that only a search finds."""

    def __init__(self) -> None:
        self.itself = self


def test_earlier_garbage_is_collected() -> None:
    left = weakref.ref(Knot())
    try:
        with garbage_collection.frozen_afterwards():
            assert left() is None
    finally:
        gc.unfreeze()


def test_later_garbage_is_collected() -> None:
    left = []
    try:
        for _ in range(200):
            with garbage_collection.frozen_afterwards():
                knot = Knot()
            left.append(weakref.ref(knot))
            del knot
        assert sum(each() is not None for each in left) < 100
    finally:
        gc.unfreeze()


def test_an_error_does_not_postpone_collection_for_good() -> None:
    with pytest.raises(ZeroDivisionError), garbage_collection.postponed():
        _ = 1 / 0
    assert gc.isenabled()


def test_disabled_collection_stays_disabled() -> None:
    gc.disable()
    try:
        with garbage_collection.postponed():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


class Large(Simulation):
    """One hot update's plan has 2,000 nodes."""

    def result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any] | None:
        found = super().result(workspace, namespace, hot_update_id)
        if found is not None and hot_update_id == next(m.id for m in self.updates if m.spec.label == "orders-enrich"):
            found = json.loads(json.dumps(found))
            setting = found["targetResourceSetting"]["streamingResourceSetting"]["expertResourceSetting"]
            setting["resourcePlan"] = json.dumps(layered(2_000))
        return found


def test_overlapping_blocks_leave_nothing_to_be_looked_at() -> None:
    outer, inner = garbage_collection.frozen_afterwards(), garbage_collection.frozen_afterwards()
    try:
        with ExitStack() as first, ExitStack() as second:
            first.enter_context(outer)
            early = [[] for _ in range(1_000)]  # type: ignore[var-annotated]
            second.enter_context(inner)
            first.close()
            late = [[] for _ in range(1_000)]  # type: ignore[var-annotated]
            assert not gc.isenabled()
            second.close()
            assert gc.isenabled()
        assert not any(each is early or each is late for each in gc.get_objects())
    finally:
        gc.unfreeze()


async def test_no_search_for_garbage_visits_a_large_plan(make_stage: MakeStage) -> None:
    async with make_stage(size=None, denied=False, world=lambda clock: Large(1, clock)).running((120, 40)) as pilot:
        put_cursor(pilot, "orders-enrich")
        await drawn(pilot)
        gc.collect()
        with searches() as seen:
            await pilot.press(tab("plan"))
            await until(pilot, lambda: bool(pilot.app.query(PlanTab)) and "2,000 vertices" in noted(pilot))
            await rested(pilot)
            gc.collect()
        assert seen
        assert max(search.visited for search in seen) < 500  # of 2,000 nodes and 16,000 pieces
        assert gc.isenabled()


async def test_collection_resumes_when_a_drawing_is_cancelled(make_stage: MakeStage) -> None:
    async with opened(make_stage) as pilot:
        give(pilot, about(pilot, layered(2_000), "huge"))
        await until(pilot, lambda: not gc.isenabled())
        await pilot.press("1")
        await until(pilot, gc.isenabled)
        await rested(pilot)


def test_large_lists_are_freed_before_their_items_and_shared_parts_stay() -> None:
    class Large(list[Any]):
        """A list that can be referenced weakly."""

    left: list[int] = []

    class Item:
        def __del__(self) -> None:
            left.append(sum(each() is not None for each in lists))

    shared = Item()
    first, second = (Large(Item() for _ in range(2_000)) for _ in range(2))
    lists = [weakref.ref(first), weakref.ref(second)]
    objects: list[object] = [[{"parts": first}, shared], {"deeper": {"parts": [second]}}]
    del first, second
    free(objects)
    assert objects == []
    assert left == [0] * 4_000
    del shared
    assert len(left) == 4_001


async def test_loading_something_else_before_the_loading_has_begun_leaves_no_coroutine(make_stage: MakeStage) -> None:
    """One that is never awaited is an error wherever it is collected, and would be reported as one of hottui."""
    async with make_stage().running((120, 40)) as pilot:
        await pilot.press("enter")
        await loaded(pilot)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for _ in range(3):
                dashboard(pilot).load_detail()
            await loaded(pilot)
            gc.collect()
    assert [str(each.message) for each in caught if "DetailLoading" in str(each.message)] == []
