"""What was seen: the last answers and the transitions, in memory for the session and, of bookmarks, in the store."""

from typing import TYPE_CHECKING, Final

from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Observation, Tracked, Transition
from hottui.monitor.answer_cache import CAPACITY, AnswerCache
from hottui.monitor.journal import Journal, Write
from hottui.store.errors import StoreError

if TYPE_CHECKING:
    from hottui.store.store import Store

_TRANSITIONS: Final = 1000
"""Transitions kept in memory for each ref."""

_NAMED: Final = 10
"""Refs that one change names."""

_Kept = tuple[tuple[Transition, ...], Observation | None]


class History:
    """Answers and transitions. Without a store and its journal everything lives as long as this object.

    `observation` and `transitions` may be called on any thread, since a store takes its time; all else on the loop.
    """

    def __init__(self, store: "Store | None", journal: Journal | None, *, room: int = CAPACITY) -> None:
        self._store = store
        self._journal = journal
        self._answers = AnswerCache(room)
        self._prints: dict[Ref, int] = {}
        self._moves: dict[Ref, tuple[Transition, ...]] = {}
        self._owed: set[Ref] = set()

    def note(self, observation: Observation) -> None:
        """Keep an answer in memory alone, to be looked at."""
        self._answers.put(observation)

    def observed(self, observation: Observation, transition: Transition | None, *, bookmarked: bool) -> None:
        """Keep an answer, and the move it showed; what says the same as the last costs the store next to nothing."""
        ref = observation.ref
        news = self._is_news(observation) or transition is not None
        self._answers.put(observation)
        if transition is not None:
            self.moved(transition)
        if self._journal is None or not bookmarked:
            return
        if ref in self._owed:
            self._owed.discard(ref)
            self._journal.write(_all_of(observation, self._moves.get(ref, ())))
        elif news:
            self._journal.forget_sight(ref)
            key = None if transition else (ref, "answer")
            self._journal.write(Write(lambda store: store.record(observation, transition), key=key, an_answer=True))
        else:
            self._journal.sighted(ref, observation.at)

    def moved(self, transition: Transition) -> None:
        """Keep a move in memory."""
        before = self._moves.get(transition.ref, ())
        self._moves[transition.ref] = (*before, transition)[-_TRANSITIONS:]

    def bookmarked(self, bookmarks: tuple[Bookmark, ...]) -> tuple[Ref, ...]:
        """Keep these in the store, and what the session has seen of them.

        Gives the refs whose last answer is not at hand: what was seen of them is kept with their next one.
        """
        if self._journal is None:
            return ()
        refs = tuple(bookmark.ref for bookmark in bookmarks)
        self._journal.write(Write(lambda store: store.add_all(bookmarks), refs, change=_named("bookmark", refs)))
        unseen: list[Ref] = []
        for ref in refs:
            observation = self._answers.get(ref)
            if observation is None:
                self._owed.add(ref)
                unseen.append(ref)
            else:
                self._journal.write(_all_of(observation, self._moves.get(ref, ())))
        return tuple(unseen)

    def annotated(self, bookmark: Bookmark) -> None:
        """Keep another label and note."""
        if self._journal is not None:
            ref, label, note = bookmark.ref, bookmark.label, bookmark.note
            change = _named("label and note", (ref,))
            self._journal.write(Write(lambda store: store.annotate(ref, label, note), (ref,), change=change))

    def looked_at(self, ref: Ref, at: float) -> None:
        """Keep that the detail of a bookmark was opened."""
        if self._journal is not None:
            self._journal.write(Write(lambda store: store.mark_looked_at(ref, at), key=(ref, "looked")))

    def unbookmarked(self, ref: Ref) -> None:
        """Take `ref` out of the store; what the store knew of it stays in memory until it is forgotten."""
        if self._journal is None:
            return
        self._owed.discard(ref)
        self._journal.forget_sight(ref)

        def act(store: "Store") -> _Kept:
            known = store.transitions(ref), store.answer(ref)
            store.remove(ref)
            return known

        change = _named("removed bookmark", (ref,))
        self._journal.write(Write(act, (ref,), then=lambda known: self._remember(ref, known), change=change))

    def forget(self, ref: Ref) -> None:
        """Drop what memory holds of `ref`."""
        self._answers.drop(ref)
        self._owed.discard(ref)
        self._prints.pop(ref, None)
        self._moves.pop(ref, None)

    def observation(self, ref: Ref) -> Observation | None:
        """The last answer: as it came while memory holds it, else as the store keeps it, masked."""
        held = self._answers.get(ref)
        if held is not None or self._store is None or self._journal is None:
            return held
        try:
            return self._store.answer(ref)
        except StoreError as error:
            self._journal.blame(error)
            return None

    def transitions(self, ref: Ref) -> tuple[Transition, ...]:
        """How the state moved, oldest first, as far as this session and the store know."""
        held = self._moves.get(ref, ())
        if self._store is None or self._journal is None:
            return held
        try:
            return _one_story(*self._store.transitions(ref), *held)
        except StoreError as error:
            self._journal.blame(error)
            return held

    def removed(self) -> tuple[Tracked, ...]:
        """The bookmarks that the store could bring back, the one removed last first."""
        if self._store is None or self._journal is None:
            return ()
        try:
            return self._store.removed()
        except StoreError as error:
            self._journal.blame(error)
            return ()

    def _is_news(self, observation: Observation) -> bool:
        """Whether the answer differs from the last one in more than the request's ID."""
        text, request_id = observation.answer, observation.request_id
        told = hash(text.replace(request_id, "") if request_id else text)
        before, self._prints[observation.ref] = self._prints.get(observation.ref), told
        return told != before

    def _remember(self, ref: Ref, known: _Kept) -> None:
        transitions, observation = known
        if transitions:
            self._moves[ref] = _one_story(*transitions, *self._moves.get(ref, ()))[-_TRANSITIONS:]
        if observation is not None and self._answers.get(ref) is None:
            self._answers.put(observation)


def _named(what: str, refs: tuple[Ref, ...]) -> str:
    """`bookmark 123hashd`; of many refs the first few."""
    more = f" and {len(refs) - _NAMED:,} more" if len(refs) > _NAMED else ""
    return f"{what} {', '.join(ref.id for ref in refs[:_NAMED])}{more}"


def _all_of(observation: Observation, moves: tuple[Transition, ...]) -> Write:
    """The write of what a session saw of a ref before it became a bookmark."""

    def act(store: "Store") -> None:
        for move in moves or (None,):
            store.record(observation, move)

    return Write(act, an_answer=True)


def _one_story(*told: Transition) -> tuple[Transition, ...]:
    """Moves told by several observers, as one line: who comes second with the same state adds nothing."""
    story: list[Transition] = []
    for transition in sorted(told, key=lambda transition: transition.at):
        if not story or story[-1].state != transition.state:
            story.append(transition)
    return tuple(story)
