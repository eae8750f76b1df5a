"""Answers and transitions: in memory for the session and, for bookmarks, in the store."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Observation, Summary, Tracked, Transition
from hottui.monitor.answer_cache import CAPACITY, AnswerCache
from hottui.monitor.journal import Journal, Write
from hottui.runtime import garbage_collection

if TYPE_CHECKING:
    from hottui.store.store import Store

_TRANSITIONS: Final = 1000
"""Transitions in memory for each ref."""

_NAMED: Final = 10
"""Refs named in the description of one change."""

_SavedHistory = tuple[tuple[Transition, ...], Observation | None]


class History:
    """Answers and transitions. With a null journal they last as long as this object.

    `observation`, `transitions`, `gaps` and `removed` may block on the store and are thread-safe; all other methods are
    called on the event loop.
    """

    def __init__(self, journal: Journal, *, capacity: int = CAPACITY) -> None:
        self._journal = journal
        self._answers = AnswerCache(capacity)
        self._last: dict[Ref, tuple[bytes, Summary]] = {}
        """Digest and summary of the last answer recorded in this session."""
        self._transitions: dict[Ref, tuple[Transition, ...]] = {}
        self._unsaved_history: set[Ref] = set()
        self._gaps: dict[Ref, tuple[tuple[float, float], ...]] = {}

    def cache(self, observation: Observation) -> None:
        """Keep an answer in memory only, for the detail."""
        self._answers.put(observation)

    def record(self, observation: Observation, transition: Transition | None, *, bookmarked: bool) -> None:
        """Record an answer and the transition it showed; of an unchanged answer only the time is saved."""
        ref = observation.ref
        repeated = bool(observation.digest) and observation.digest == self.last(ref)[0] and transition is None
        self._last[ref] = observation.digest, observation.summary
        self._answers.put(observation)
        if transition is not None:
            self.add_transition(transition)
        if not bookmarked:
            return
        if ref in self._unsaved_history:
            self._unsaved_history.discard(ref)
            self._save(observation, self._transitions.get(ref, ()))
        elif repeated:
            self._journal.mark_seen(ref, observation.at)
        else:
            self._journal.discard_seen(ref)
            self._save(observation, (transition,) if transition else ())

    def last(self, ref: Ref) -> tuple[bytes, Summary]:
        """Return digest and summary of the last recorded answer; an empty digest if there is none or it is unknown."""
        return self._last.get(ref, (b"", Summary("")))

    def add_transition(self, transition: Transition) -> None:
        """Keep a transition in memory."""
        before = self._transitions.get(transition.ref, ())
        self._transitions[transition.ref] = (*before, transition)[-_TRANSITIONS:]

    def record_gap(self, ref: Ref, gap: tuple[float, float], *, bookmarked: bool) -> None:
        """Record begin and end of a time in which `ref` was not read."""
        self._gaps[ref] = (*self._gaps.get(ref, ()), gap)
        if bookmarked:
            self._journal.write(Write(lambda store: store.record_gap(ref, *gap), is_answer=True))

    def add_bookmarks(self, bookmarks: tuple[Bookmark, ...]) -> tuple[Ref, ...]:
        """Save these with their history in this session.

        Returns the refs whose last answer is no longer in memory: their history is saved with the next answer.
        """
        refs = tuple(bookmark.ref for bookmark in bookmarks)
        self._journal.write(Write(lambda store: store.add_all(bookmarks), refs, description=_named("bookmark", refs)))
        unseen: list[Ref] = []
        for ref in refs:
            observation = self._answers.get(ref)
            if observation is None:
                self._unsaved_history.add(ref)
                unseen.append(ref)
            else:
                self._save(observation, self._transitions.get(ref, ()))
        return tuple(unseen) if self._journal.persistent else ()

    def annotate(self, bookmark: Bookmark) -> None:
        """Save label and note of a bookmark."""
        ref, label, note = bookmark.ref, bookmark.label, bookmark.note
        description = _named("label and note", (ref,))
        self._journal.write(Write(lambda store: store.annotate(ref, label, note), (ref,), description=description))

    def mark_viewed(self, ref: Ref, at: float) -> None:
        """Save that the detail of a bookmark was opened."""
        self._journal.write(Write(lambda store: store.mark_viewed(ref, at), key=(ref, "viewed")))

    def remove_bookmark(self, ref: Ref) -> None:
        """Remove the bookmark of `ref` from the store; its saved history stays in memory until `forget`."""
        self._unsaved_history.discard(ref)
        self._journal.discard_seen(ref)

        def act(store: "Store") -> _SavedHistory:
            known = store.transitions(ref), store.answer(ref)
            store.remove(ref)
            return known

        description = _named("removed bookmark", (ref,))
        keep = partial(self._keep_in_memory, ref)
        self._journal.write(Write(act, (ref,), on_done=keep, description=description))

    def forget(self, ref: Ref) -> None:
        """Remove everything about `ref` from memory."""
        self._answers.drop(ref)
        self._unsaved_history.discard(ref)
        self._last.pop(ref, None)
        self._transitions.pop(ref, None)
        self._gaps.pop(ref, None)

    def cached(self, ref: Ref) -> Observation | None:
        """Return the last answer if it is in memory."""
        return self._answers.get(ref)

    def observation(self, ref: Ref) -> Observation | None:
        """Return the last answer: unmasked if it is in memory, else as saved in the store, with secrets masked."""
        cached = self._answers.get(ref)
        return cached if cached is not None else self._journal.read(lambda store: store.answer(ref), None)

    def transitions(self, ref: Ref) -> tuple[Transition, ...]:
        """Return the transitions of this session and of the store, merged, oldest first."""
        observed = self._transitions.get(ref, ())
        saved = self._journal.read(lambda store: store.transitions(ref), None)
        return observed if saved is None else _merged(*saved, *observed)

    def gaps(self, ref: Ref) -> tuple[tuple[float, float], ...]:
        """Return the times in which `ref` was not read, of this session and of the store, oldest first."""
        saved: Iterable[tuple[float, float]] = self._journal.read(lambda store: store.gaps(ref), ())
        return tuple(sorted({*saved, *self._gaps.get(ref, ())}))

    def removed(self) -> tuple[Tracked, ...]:
        """Return the removed bookmarks that can be restored, the most recently removed first."""
        return self._journal.read(lambda store: store.removed(), ())

    def _save(self, observation: Observation, transitions: tuple[Transition, ...]) -> None:
        """Save an answer and the transitions observed; a large answer after them, once its secrets are masked."""
        ref = observation.ref
        if not garbage_collection.is_large(observation.answer):
            write = partial(_record, observation=observation, transitions=transitions)
            self._journal.write(Write(write, key=None if transitions else (ref, "answer"), is_answer=True))
            return
        if transitions:
            self._journal.write(Write(lambda store: store.record_transitions(transitions), is_answer=True))
        self._journal.write_prepared((ref, "answer"), partial(_write_of_large, observation))

    def _keep_in_memory(self, ref: Ref, known: _SavedHistory) -> None:
        transitions, observation = known
        if transitions:
            self._transitions[ref] = _merged(*transitions, *self._transitions.get(ref, ()))[-_TRANSITIONS:]
        if observation is not None and self._answers.get(ref) is None:
            self._answers.put(observation)


def _named(what: str, refs: tuple[Ref, ...]) -> str:
    """Return for example `bookmark 123hashd`; of many refs only the first are named."""
    more = f" and {len(refs) - _NAMED:,} more" if len(refs) > _NAMED else ""
    return f"{what} {', '.join(ref.id for ref in refs[:_NAMED])}{more}"


def _record(store: "Store", observation: Observation, transitions: tuple[Transition, ...]) -> None:
    for transition in transitions or (None,):
        store.record(observation, transition)


def _write_of_large(observation: Observation) -> Write:
    """Return the write of a large answer, masked, which takes seconds. It may be overtaken by a later, small answer."""
    from hottui.store.writes import masked  # noqa: PLC0415 - imports sqlite3

    with garbage_collection.postponed():
        safe = masked(observation)
    return Write(lambda store: store.record_masked(safe), key=(observation.ref, "large answer"), is_answer=True)


def _merged(*transitions: Transition) -> tuple[Transition, ...]:
    """Return the transitions of several observers in one sequence, without consecutive repetitions of a state."""
    merged: list[Transition] = []
    for transition in sorted(transitions, key=lambda transition: transition.at):
        if not merged or merged[-1].state != transition.state:
            merged.append(transition)
    return tuple(merged)
