"""Making a `Subject` of a hot update: its kept answer is read off the event loop, and once only."""

import asyncio
from collections import OrderedDict
from contextlib import nullcontext

from hottui.model.answer import Answer, UnreadableAnswer, read_answer
from hottui.model.masking import mask_answer
from hottui.model.ref import Ref
from hottui.model.tracking import Observation, Tracked
from hottui.monitor.monitor import Monitor
from hottui.tui import garbage
from hottui.tui.detail.subject import Subject
from hottui.tui.look import Look

_LARGE = 200_000
"""Letters of an answer from which on looking for garbage while it is read would be felt: some 1,000 operators."""
_KEPT = 8
"""Answers kept decoded, for going back and forth between rows."""


class Subjects:
    """Reads answers for the detail pane; an answer that came again unchanged is not decoded again."""

    def __init__(self, monitor: Monitor, look: Look) -> None:
        self._monitor = monitor
        self._look = look
        self._decoded: OrderedDict[tuple[Ref, bool], tuple[str, Answer | None, str]] = OrderedDict()

    async def load(self, tracked: Tracked, everything: tuple[Tracked, ...], *, reveal: bool) -> Subject:
        """All that is known of `tracked`. `everything` is searched for an earlier hot update of the same job."""
        observation = await asyncio.to_thread(self._monitor.observation, tracked.ref)
        answer, reason = await self._decode(observation, reveal=reveal)
        earlier = earlier_of(tracked, everything)
        before = None
        if earlier:
            kept = await asyncio.to_thread(self._monitor.observation, earlier.ref)
            before, _ = await self._decode(kept, reveal=reveal)
        return Subject(
            tracked=tracked,
            now=self._look.clock(),
            width=80,
            glyphs=self._look.glyphs,
            answer=answer,
            answered=observation.at if observation else None,
            unreadable=reason,
            before=before,
            transitions=await asyncio.to_thread(self._monitor.transitions, tracked.ref),
            reveal=reveal,
        )

    async def _decode(self, observation: Observation | None, *, reveal: bool) -> tuple[Answer | None, str]:
        """The answer with its secrets masked, unless they were asked for; or why it cannot be read."""
        if observation is None:
            return None, ""
        key = (observation.ref, reveal)
        kept = self._decoded.get(key)
        if kept is None or kept[0] != observation.answer:
            with garbage.put_off() if len(observation.answer) >= _LARGE else nullcontext():
                answer, reason = await asyncio.to_thread(_read, observation.answer, reveal)
            kept = self._decoded[key] = (observation.answer, answer, reason)
            while len(self._decoded) > _KEPT:
                self._decoded.popitem(last=False)
        self._decoded.move_to_end(key)
        return kept[1], kept[2]


def _read(text: str, reveal: bool) -> tuple[Answer | None, str]:
    try:
        answer = read_answer(text if reveal else mask_answer(text))
    except UnreadableAnswer as error:
        return None, str(error)
    _ = answer.plan.plan  # decoded here, in the thread
    return answer, ""


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
