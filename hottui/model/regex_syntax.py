"""The syntax of regular expressions, parsed into a tree; see `linear_regex` for what is supported."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

MAX_PATTERN: Final = 200
"""Maximum characters of a pattern."""


class RegexError(ValueError):
    """An invalid or unsupported pattern; the message is for users."""


Predicate: TypeAlias = Callable[[str], bool]
"""Returns whether a character is accepted."""


class Char(NamedTuple):
    """One character."""

    accepts: Predicate


class Assert(NamedTuple):
    """A condition between two characters: `^`, `$`, `b` or `B`."""

    kind: str


class Sequence(NamedTuple):
    """All parts, one after another."""

    parts: tuple["Node", ...]


class Choice(NamedTuple):
    """One of the parts."""

    parts: tuple["Node", ...]


class Repeat(NamedTuple):
    """A part repeated from `least` to `most` times; None for any number."""

    part: "Node"
    least: int
    most: int | None


Node: TypeAlias = Char | Assert | Sequence | Choice | Repeat


def parse(pattern: str) -> Node:
    """Return the tree of `pattern`. Raises RegexError."""
    return _Parser(pattern).parse()


def _literal(character: str) -> Predicate:
    lower = character.lower()
    return lambda other: other.lower() == lower


def _not(accepts: Predicate) -> Predicate:
    return lambda character: not accepts(character)


def is_word(character: str) -> bool:
    """Return whether `character` is a letter, a digit or an underscore."""
    return character.isalnum() or character == "_"


_CLASSES: Final[dict[str, Predicate]] = {
    "d": str.isdecimal, "w": is_word, "s": str.isspace,
    "D": _not(str.isdecimal), "W": _not(is_word), "S": _not(str.isspace),
}  # fmt: skip
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r"}


class _Parser:
    """Parses a pattern by recursive descent."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > MAX_PATTERN:
            raise RegexError(f"longer than {MAX_PATTERN} characters")
        self._pattern, self._at, self._depth = pattern, 0, 0

    def parse(self) -> Node:
        """Return the whole pattern."""
        node = self._choice()
        if self._at < len(self._pattern):
            raise RegexError("unexpected )")
        return node

    @property
    def _next(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        character = self._next
        self._at += 1
        return character

    def _choice(self) -> Node:
        parts = [self._sequence()]
        while self._next == "|":
            self._at += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._next and self._next not in "|)":
            parts.append(self._repeated(self._atom()))
        return Sequence(tuple(parts))

    def _repeated(self, node: Node) -> Node:
        while bounds := self._bounds():
            node = Repeat(node, *bounds)
            if self._next == "?":  # lazy: the same texts match
                self._at += 1
        return node

    def _bounds(self) -> tuple[int, int | None] | None:
        simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self._next)
        if simple is not None:
            self._at += 1
            return simple
        if self._next != "{":
            return None
        inner, closed, _ = self._pattern[self._at + 1 :].partition("}")
        least, comma, most = inner.partition(",")
        if not closed or not (least or most) or not all(part.isdecimal() or not part for part in (least, most)):
            return None  # `{` is a literal then
        if len(inner) > 7:
            raise RegexError("too many repetitions")
        self._at += len(inner) + 2
        low = int(least or 0)
        high = None if comma and not most else int(most or low)
        if high is not None and high < low:
            raise RegexError(f"{{{inner}}} has its bounds in the wrong order")
        return low, high

    def _atom(self) -> Node:
        match self._take():
            case "(":
                return self._group()
            case "[":
                return Char(self._set())
            case ".":
                return Char(lambda character: character != "\n")
            case "^" | "$" as anchor:
                return Assert(anchor)
            case "\\":
                return self._escape()
            case "*" | "+" | "?" as quantifier:
                raise RegexError(f"nothing to repeat before {quantifier}")
            case character:
                return Char(_literal(character))

    def _group(self) -> Node:
        if self._next == "?":
            self._at += 1
            if self._take() != ":":
                raise RegexError("groups that begin with (? are not supported")
        self._depth += 1
        if self._depth > 20:
            raise RegexError("too many groups inside each other")
        node = self._choice()
        self._depth -= 1
        if self._take() != ")":
            raise RegexError("a ( is not closed")
        return node

    def _escape(self) -> Node:
        character = self._take()
        if character in {"b", "B"}:
            return Assert(character)
        return Char(_CLASSES[character] if character in _CLASSES else _literal(self._escaped(character)))

    def _escaped(self, character: str) -> str:
        if not character:
            raise RegexError("nothing after \\")
        if character.isalnum() and character not in _CONTROLS:
            raise RegexError(f"\\{character} is not supported")
        return _CONTROLS.get(character, character)

    def _set(self) -> Predicate:
        negated = self._next == "^"
        self._at += negated
        members: list[Predicate] = []
        while not members or self._next != "]":
            first = self._member()
            if isinstance(first, str) and self._next == "-" and self._pattern[self._at + 1 : self._at + 2] != "]":
                self._at += 1
                last = self._member()
                if not isinstance(last, str) or last < first:
                    raise RegexError("a range in [ ] has its ends in the wrong order")
                members.append(_range(first, last))
            else:
                members.append(_literal(first) if isinstance(first, str) else first)
        self._at += 1

        def accepts(character: str) -> bool:
            return any(member(character) for member in members)

        return _not(accepts) if negated else accepts

    def _member(self) -> str | Predicate:
        character = self._take()
        if not character:
            raise RegexError("a [ is not closed")
        if character != "\\":
            return character
        character = self._take()
        return _CLASSES.get(character) or self._escaped(character)


def _range(first: str, last: str) -> Predicate:
    return lambda character: any(first <= each <= last for each in (character, character.lower(), character.upper()))
