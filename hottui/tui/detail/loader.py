"""Making a `Subject` of a hot update: its kept answer is read off the event loop, and once only."""

import asyncio
import gc
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from hottui.model.answer import Answer, UnreadableAnswer, read_answer
from hottui.model.control_characters import shorten, visible
from hottui.model.masking import mask_answer
from hottui.model.ref import MAX_NAME, Ref
from hottui.model.tracking import Observation, Tracked, Transition
from hottui.monitor.monitor import Monitor
from hottui.render.detail_context import DetailContext
from hottui.runtime import error_hooks, garbage_collection
from hottui.tui.appearance import Appearance
from hottui.tui.background_thread import in_thread

_LARGE = 200_000
"""Characters of an answer from which on looking for garbage while it is read would be felt: some 1,000 operators."""
_KEPT = 8
"""Answers kept decoded, for going back and forth between rows."""
_CHARACTERS = 4_000_000
"""Characters that these may have in all, but for the last two: a plan of 5,000 operators is 100,000 objects, and
Python's garbage collector looks at all of them time and again."""

_Key = tuple[Ref, bool]


@dataclass(frozen=True, slots=True)
class _Decoded:
    """An answer's text as it was kept, and what it says, or why it cannot be read."""

    text: str
    answer: Answer | None
    reason: str


class DetailLoader:
    """Reads answers for the detail pane; what came again unchanged is the same object again."""

    def __init__(self, monitor: Monitor, look: Appearance) -> None:
        self._monitor = monitor
        self._look = look
        self._decoded: OrderedDict[_Key, _Decoded] = OrderedDict()
        self._transitions: tuple[Ref, tuple[Transition, ...]] | None = None

    async def load(self, tracked: Tracked, everything: tuple[Tracked, ...], *, reveal: bool) -> DetailContext:
        """All that is known of `tracked`. `everything` is searched for an earlier hot update of the same job.

        A fault in that is reported, and said in place of the answer.
        """
        try:
            return await self._load(tracked, everything, reveal=reveal)
        except Exception as error:  # noqa: BLE001 - reported
            error_hooks.current_hooks().handle(error)
            reason = f"a fault in hottui ({type(error).__name__})"
            return DetailContext(tracked, self._look.clock(), 80, self._look.glyphs, unreadable=reason)

    async def _load(self, tracked: Tracked, everything: tuple[Tracked, ...], *, reveal: bool) -> DetailContext:
        ref, earlier = tracked.ref, earlier_of(tracked, everything)
        observation, transitions = await asyncio.to_thread(self._ask, ref)
        decoded = await self._decode(observation, reveal=reveal)
        before = None
        if earlier:
            kept = await asyncio.to_thread(self._monitor.observation, earlier.ref)
            before = await self._decode(kept, reveal=reveal)
        self._transitions = (ref, transitions)
        return DetailContext(
            tracked=tracked,
            now=self._look.clock(),
            width=80,
            glyphs=self._look.glyphs,
            answer=decoded.answer if decoded else None,
            answered=observation.at if observation else None,
            unreadable=decoded.reason if decoded else "",
            before=before.answer if before else None,
            transitions=transitions,
            reveal=reveal,
        )

    def _ask(self, ref: Ref) -> tuple[Observation | None, tuple[Transition, ...]]:
        """What the monitor has about `ref`. It may wait for the store, so not in the thread where the work is done."""
        transitions, last = self._monitor.transitions(ref), self._transitions
        if last is not None and last == (ref, transitions):
            transitions = last[1]
        return self._monitor.observation(ref), transitions

    async def _decode(self, observation: Observation | None, *, reveal: bool) -> _Decoded | None:
        """The answer with its secrets masked, unless they were asked for."""
        if observation is None:
            return None
        key = (observation.ref, reveal)
        kept = self._decoded.get(key)
        if kept is None or kept.text != observation.answer:
            if len(observation.answer) < _LARGE:
                kept = await in_thread(partial(_read, observation, reveal))
            else:
                with garbage_collection.postponed():
                    kept = await in_thread(partial(_read_large, observation, reveal))
            self._decoded[key] = kept
        self._decoded.move_to_end(key)
        while len(self._decoded) > _KEPT or (
            len(self._decoded) > 2 and sum(len(each.text) for each in self._decoded.values()) > _CHARACTERS
        ):
            self._decoded.popitem(last=False)
        return kept


def _read(observation: Observation, reveal: bool) -> _Decoded:
    text = observation.answer
    try:
        answer = read_answer(text if reveal else mask_answer(text))
    except UnreadableAnswer as error:
        return _Decoded(text, None, str(error))
    other = answer.mismatched_id(observation.ref.id)
    if other:  # an import or an older version may have kept it
        return _Decoded(text, None, f"it is about another hot update ({visible(shorten(other, MAX_NAME))})")
    _ = answer.plan.plan  # decoded here, in the thread
    return _Decoded(text, answer, "")


def _read_large(observation: Observation, reveal: bool) -> _Decoded:
    """The same, for when the search for garbage is put off: the objects that were made would all be looked at by the
    next search, which would be the event loop's."""
    decoded = _read(observation, reveal)
    gc.collect(0)
    return decoded


def earlier_of(tracked: Tracked, everything: tuple[Tracked, ...]) -> Tracked | None:
    """The hot update of the same job that was seen to move last before `tracked` did; None when there is none."""
    if tracked.summary is None or not tracked.summary.job_id or tracked.since is None:
        return None
    same = [
        other
        for other in everything
        if other.ref != tracked.ref
        and other.summary
        and other.summary.job_id == tracked.summary.job_id
        and other.since is not None
        and other.since < tracked.since
    ]
    return max(same, key=lambda other: other.since or 0.0, default=None)
