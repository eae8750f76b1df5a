"""Regular expressions that take linear time for every text, as in RE2: they are simulated and never backtrack.

Python's `re` takes exponential time for a pattern such as `(a+)+$` and cannot be interrupted. Supported: literals, `.`,
`[a-z]`, `[^a-z]`, `\\d \\w \\s \\b` and their opposites, `^`, `$`, groups, `|`, `*`, `+`, `?`, `{m,n}`. Not supported,
because they need backtracking: lookaround and backreferences. Case is ignored.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from hottui.model.regex_syntax import (
    Assert,
    Char,
    Choice,
    Node,
    Predicate,
    RegexError,
    Repeat,
    Sequence,
    is_word,
    parse,
)

_MAX_STATES: Final = 200
"""States of the automaton; each character of a text takes at most so many steps."""
_MAX_CACHED: Final = 20_000
"""Transitions that are kept."""


class _State(NamedTuple):
    """A state of the automaton: it accepts a character, or holds at an assertion, or only leads to others."""

    following: tuple[int, ...]
    accepts: Predicate | None = None
    kind: str = ""


class _Position:
    """A set of states after a text, what the last character was (None: nothing), and the known next positions."""

    __slots__ = ("before", "matches_at_end", "states", "steps")

    def __init__(self, states: frozenset[int], before: bool | None) -> None:
        self.states, self.before = states, before
        self.steps: dict[str, _Position] = {}
        self.matches_at_end: bool | None = None


_MATCHED: Final = _Position(frozenset(), None)
_FINAL: Final = 0


class LinearRegex:
    """A compiled pattern. Raises RegexError."""

    def __init__(self, pattern: str) -> None:
        self._states = [_State(())]
        self._start = self._compile(parse(pattern), _FINAL)
        self._first = _Position(frozenset(), None)
        self._positions: dict[tuple[frozenset[int], bool | None], _Position] = {}
        self._cached = 0

    def search(self, text: str) -> bool:
        """Return whether the pattern matches anywhere in `text`."""
        position = self._first
        for character in text:
            position = position.steps.get(character) or self._step(position, character)
            if position is _MATCHED:
                return True
        if position.matches_at_end is None:
            position.matches_at_end = _FINAL in self._closure(position, None)
        return position.matches_at_end

    def _step(self, position: _Position, character: str) -> _Position:
        if self._cached >= _MAX_CACHED:
            self._cached = 0
            self._positions.clear()
            self._first.steps.clear()
        after = is_word(character)
        reached = self._closure(position, after)
        if _FINAL in reached:
            found = _MATCHED
        else:
            accepting = (self._states[each] for each in reached)
            states = frozenset(s.following[0] for s in accepting if s.accepts is not None and s.accepts(character))
            found = self._positions.setdefault((states, after), _Position(states, after))
        position.steps[character] = found
        self._cached += 1
        return found

    def _closure(self, position: _Position, after: bool | None) -> set[int]:
        """Return the states that are reached before the next character, which is a word character or not, or none."""
        reached: set[int] = set()
        pending = [self._start, *position.states]
        while pending:
            number = pending.pop()
            state = self._states[number]
            if number in reached or (state.kind and not _holds(state.kind, position.before, after)):
                continue
            reached.add(number)
            if state.accepts is None:
                pending += state.following
        return reached

    def _compile(self, node: Node, following: int) -> int:
        """Add the states of `node`, which lead to the state `following`; return the first."""
        match node:
            case Char(accepts):
                return self._add(_State((following,), accepts))
            case Assert(kind):
                return self._add(_State((following,), None, kind))
            case Sequence(parts):
                for part in reversed(parts):
                    following = self._compile(part, following)
                return following
            case Choice(parts):
                return self._add(_State(tuple(self._compile(part, following) for part in parts)))
            case Repeat(part, least, most):
                for state in self._optional(part, most - least if most is not None else None, following):
                    following = state
                for _ in range(least):
                    following = self._compile(part, following)
                return following

    def _optional(self, part: Node, most: int | None, following: int) -> Iterator[int]:
        """Add up to `most` optional repetitions, None for any number; yield the first state after each."""
        if most is None:
            loop = self._add(_State(()))
            self._states[loop] = _State((self._compile(part, loop), following))
            yield loop
            return
        state = following
        for _ in range(most):
            state = self._add(_State((self._compile(part, state), following)))
            yield state

    def _add(self, state: _State) -> int:
        if len(self._states) >= _MAX_STATES:
            raise RegexError("too long, or too many repetitions")
        self._states.append(state)
        return len(self._states) - 1


def _holds(kind: str, before: bool | None, after: bool | None) -> bool:
    match kind:
        case "^":
            return before is None
        case "$":
            return after is None
        case "b":
            return bool(before) != bool(after)
        case _:
            return bool(before) == bool(after)
