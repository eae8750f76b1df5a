"""Load the `DetailContext` of a hot update: its last answer is parsed in a worker thread, and only once."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from hottui.model.answer import Answer, UnreadableAnswer, read_answer
from hottui.model.control_characters import shorten, visible
from hottui.model.masking import mask_answer
from hottui.model.ref import MAX_NAME, Ref
from hottui.model.tracking import Observation, Tracked, Transition
from hottui.monitor.interface import Answers
from hottui.render.detail_context import NO_ANALYSIS, DetailContext, JobAnalysis
from hottui.runtime import error_hooks, garbage_collection
from hottui.tui.appearance import Appearance
from hottui.tui.background_thread import in_thread

_KEPT = 8
"""Parsed answers cached, for moving back and forth between rows."""
_CHARACTERS = 4_000_000
"""Characters cached in total, not counting the last two: a plan of 5,000 operators is 100,000 objects, which the
garbage collector visits repeatedly."""

_Key = tuple[Ref, bool]
AboutJob = Callable[[Tracked, Answer | None, tuple[Transition, ...]], Awaitable[JobAnalysis]]


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a saved answer, and the parsed answer or why it cannot be parsed."""

    text: str
    answer: Answer | None
    reason: str


class DetailLoader:
    """Loads answers for the detail pane; an unchanged answer is returned as the same object."""

    def __init__(self, answers: Answers, appearance: Appearance) -> None:
        self._answers = answers
        self._appearance = appearance
        self._decoded: OrderedDict[_Key, Decoded] = OrderedDict()
        self._transitions: tuple[Ref, tuple[Transition, ...]] | None = None

    async def load(
        self, tracked: Tracked, everything: tuple[Tracked, ...], *, reveal: bool, about_job: AboutJob | None = None
    ) -> DetailContext:
        """Return all that is known of `tracked`; `everything` is searched for the previous hot update of the same job.

        `about_job` returns what is known of its job.

        An unexpected error is reported, and shown in place of the answer.
        """
        try:
            return await self._load(tracked, everything, reveal=reveal, about_job=about_job)
        except Exception as error:  # noqa: BLE001 - reported
            error_hooks.current_hooks().handle(error)
            reason = f"internal error ({type(error).__name__})"
            return DetailContext(tracked, self._appearance.clock(), 80, self._appearance.glyphs, unreadable=reason)

    async def _load(
        self, tracked: Tracked, everything: tuple[Tracked, ...], *, reveal: bool, about_job: AboutJob | None
    ) -> DetailContext:
        ref, earlier = tracked.ref, earlier_of(tracked, everything)
        observation, transitions = await asyncio.to_thread(self._read_answers, ref)
        decoded = await self._decode(observation, reveal=reveal)
        before = None
        if earlier:
            kept = await asyncio.to_thread(self._answers.observation, earlier.ref)
            before = await self._decode(kept, reveal=reveal)
        self._transitions = (ref, transitions)
        job = (
            NO_ANALYSIS
            if about_job is None
            else await about_job(tracked, decoded.answer if decoded else None, transitions)
        )
        return DetailContext(
            tracked=tracked,
            now=self._appearance.clock(),
            width=80,
            glyphs=self._appearance.glyphs,
            answer=decoded.answer if decoded else None,
            answered=observation.at if observation else None,
            unreadable=decoded.reason if decoded else "",
            before=before.answer if before else None,
            transitions=transitions,
            job=job,
            reveal=reveal,
        )

    def _read_answers(self, ref: Ref) -> tuple[Observation | None, tuple[Transition, ...]]:
        """Return what is known of `ref`. It may wait for the store, so it is not for the background thread."""
        transitions, last = self._answers.transitions(ref), self._transitions
        if last is not None and last == (ref, transitions):
            transitions = last[1]
        return self._answers.observation(ref), transitions

    async def _decode(self, observation: Observation | None, *, reveal: bool) -> Decoded | None:
        """Return the parsed answer, with secrets masked unless `reveal` is set."""
        if observation is None:
            return None
        key = (observation.ref, reveal)
        kept = self._decoded.get(key)
        if kept is None or kept.text != observation.answer:
            with garbage_collection.frozen_afterwards(when=garbage_collection.is_large(observation.answer)):
                kept = await in_thread(partial(decode, observation, reveal))
            self._decoded[key] = kept
        self._decoded.move_to_end(key)
        while len(self._decoded) > _KEPT or (
            len(self._decoded) > 2 and sum(len(cached.text) for cached in self._decoded.values()) > _CHARACTERS
        ):
            self._decoded.popitem(last=False)
        return kept


def decode(observation: Observation, reveal: bool) -> Decoded:
    """Parse a saved answer with its plan, secrets masked unless `reveal` is set. Slow for a large one."""
    text = observation.answer
    try:
        answer = read_answer(text if reveal else mask_answer(text))
    except UnreadableAnswer as error:
        return Decoded(text, None, str(error))
    other = answer.mismatched_id(observation.ref.id)
    if other:  # saved by an import or an older version
        return Decoded(text, None, f"it belongs to another hot update ({visible(shorten(other, MAX_NAME))})")
    _ = answer.plan.plan  # decoded here, in the thread
    return Decoded(text, answer, "")


def earlier_of(tracked: Tracked, everything: tuple[Tracked, ...]) -> Tracked | None:
    """Return the hot update of the same job with the last transition before that of `tracked`, or None."""
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
