"""An unexpected exception affects one read of one row; it is reported."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hottui.analysis import answer_summary
from hottui.model.masking import mask_answer
from hottui.model.ref import Ref
from hottui.model.state import HOT_UPDATING, Freshness
from hottui.monitor.history import History
from hottui.service.client import Client
from hottui.store.store import Store
from tests.monitor.bench import Bench, bench, until
from tests.monitor.virtual import virtual, virtual_loop


class Odd(Exception):
    """An exception that no code handles."""


def reports() -> list[BaseException]:
    """Collect what is reported from now on."""
    reported: list[BaseException] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))
    return reported


def _for(name: str, whole: Callable[..., Any], name_of: Callable[..., str]) -> Callable[..., Any]:
    """Return `whole` modified to raise when it is called for `name`."""

    def failing(*values: Any, **named: Any) -> Any:
        if name_of(*values) == name:
            raise Odd(name)
        return whole(*values, **named)

    return failing


PLACES: dict[str, tuple[Any, str, Callable[..., str]]] = {
    "the reader": (Client, "read_again", lambda _, ref, __: ref.id),
    "the summary": (answer_summary, "summarize", lambda each: each.result.job_hot_update_id),
    "the history": (History, "record", lambda _, observation, *__: observation.ref.id),
}


@pytest.mark.parametrize("place", PLACES)
@virtual
async def test_an_internal_error_in_a_read_affects_only_its_row(place: str) -> None:
    owner, name, name_of = PLACES[place]
    async with bench(clock=virtual_loop().wall) as b:
        await _watching(b, "bad", "good")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, _for("bad", getattr(owner, name), name_of))
            reported = reports()
            b.world.parts["bad"] = {"jobId": "another"}  # an equal answer is not parsed again
            asked = b.network.by_id["good"]
            await asyncio.sleep(30)
        bad, good = b.of("bad"), b.of("good")
        assert bad.freshness is Freshness.STALE
        assert bad.state == HOT_UPDATING, "the last good answer stays"
        assert bad.trouble is not None
        assert "Internal error in hottui" in bad.trouble.message
        assert "(Odd)" in bad.trouble.message
        assert good.freshness is Freshness.LIVE
        assert b.network.by_id["good"] > asked + 10
        assert {str(error) for error in reported} == {"bad"}
        await asyncio.sleep(61)
        assert b.of("bad").freshness is Freshness.LIVE, "polling continues"


async def _watching(b: Bench, *names: str) -> list[Ref]:
    refs = b.script(HOT_UPDATING, *names)
    b.monitor.track(refs)
    await until(lambda: all(b.of(name).freshness is Freshness.LIVE for name in names))
    return refs


async def test_an_answer_that_cannot_be_saved_is_reported_and_blocks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(text: str) -> str:
        if '"bad"' in text:
            raise Odd("bad")
        return mask_answer(text)

    monkeypatch.setattr("hottui.model.masking.mask_answer", failing)
    reported = reports()
    with Store.open(tmp_path / "store.db") as store:
        async with bench(store, clock=lambda: 1_769_851_800.0) as b:
            b.monitor.track(b.script(HOT_UPDATING, "bad", "good"), bookmark=True)
            await until(lambda: any(one.state == HOT_UPDATING for one in store.tracked()), 60)
            await until(lambda: bool(reported), 60)
            assert b.of("bad").freshness is Freshness.LIVE, "it was read"
            assert b.monitor.snapshot().loop.unsaved == 0
        assert {one.ref.id: one.state for one in store.tracked()} == {"bad": "", "good": HOT_UPDATING}
    assert {str(error) for error in reported} == {"bad"}
