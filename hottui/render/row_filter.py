"""The filter of hot updates, shared by the dashboard and `hottui ls`: words and terms that must all match.

`orders`, `"two words"`, `!not`, `/regex/`, and `field:value` with any of these as the value. Case is ignored.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.render.effect_text import verdict_label
from hottui.render.glyphs import counted_words, freshness_word, state_word

if TYPE_CHECKING:
    from hottui.render.bounded_regex import BoundedRegex

Profiles: TypeAlias = Callable[[Ref], tuple[str, ...]]
"""Returns the names of the profiles in which a ref is."""
_Texts: TypeAlias = Callable[[Tracked], tuple[str, ...]]
_Test: TypeAlias = Callable[[Tracked], bool]

FIELDS: Final = ("state", "label", "job", "id", "profile", "effect", "is")
FORMS: Final = (
    ("orders noon", "both words, anywhere in a hot update, its label, note, job, change or reason"),
    ('"two words"', "this text; also as a value: label:\"two words\""),
    ("!word", "not the word; also before any other form: !state:updated"),
    ("/^ord.*s$/", "a regular expression; also as a value: job:/^pay/"),
    ("state:failed", "updating, updated, failed, waiting, stale, denied, gone, or the service's own word"),
    ("effect:none", "applied, partial, none, superseded, drifted, job-failed, job-gone, unknown"),
    ("label: job: id:", "text in the label; in the name or ID of the job; in the ID"),
    ("profile:prod", "hot updates in the location of a profile"),
    ("is:unread", "failed and not opened yet; also is:bookmarked"),
)  # fmt: skip
"""What can be typed, and what it finds; for help texts."""

_IS: Final = ("unread", "bookmarked")
_STATES: Final = frozenset({"updating", "done", "updated", "failed", "waiting", "stale", "denied", "gone"})
_MAX_SEARCHED: Final = 500
"""Characters of each text in which a regular expression is searched."""
_TERM: Final = re.compile(
    r"""(?P<not>!*)(?:(?P<field>[a-z][\w-]*):)?
    (?:"(?P<quoted>[^"]*)"? | /(?P<regex>(?:\\.|[^\\])*?)(?:/(?=\s|$)|$) | (?P<word>\S*))""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""One term; what is not closed yet, because it is being typed, ends with the text."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """A parsed filter. An invalid term is searched for as it was typed."""

    text: str = ""
    invalid: str = ""
    """Why the first invalid term is invalid; empty if all are valid."""
    _words: tuple[tuple[str, bool], ...] = ()
    """Words in lower case, and whether each must occur."""
    _tests: tuple[_Test, ...] = ()
    _patterns: "tuple[BoundedRegex, ...]" = ()

    @property
    def problem(self) -> str:
        """Why the filter does not find what was meant; empty if it does. A slow expression is known after matching."""
        slow = any(pattern.too_slow for pattern in self._patterns)
        return self.invalid or ("Regular expression: too slow" if slow else "")

    def matches(self, tracked: Tracked) -> bool:
        """Return whether all terms match."""
        if self._words:
            text = "\n".join(row_texts(tracked)).lower()
            if any((word in text) != wanted for word, wanted in self._words):
                return False
        return all(test(tracked) for test in self._tests)

    def __bool__(self) -> bool:
        """Return whether it has any terms."""
        return bool(self._words or self._tests)


def _no_profiles(ref: Ref) -> tuple[str, ...]:  # noqa: ARG001
    return ()


def parse_filter(text: str, profiles: Profiles = _no_profiles) -> RowFilter:
    """Return the filter that `text` describes. Raises nothing."""
    words: list[tuple[str, bool]] = []
    tests: list[_Test] = []
    patterns: list[BoundedRegex] = []
    problem = ""
    for term in _terms(text):
        negated = len(term["not"]) % 2 == 1
        if not term["field"] and term["regex"] is None:
            words.append((_value_of(term), not negated))
            continue
        try:
            test = _test(term, profiles, patterns)
        except ValueError as error:
            problem = problem or str(error)
            words.append((term[0].lower(), True))
        else:
            tests.append(_not(test) if negated else test)
    return RowFilter(" ".join(text.split()), problem, tuple(words), tuple(tests), tuple(patterns))


def _terms(text: str) -> list[re.Match[str]]:
    """Return the terms that have a value; `label:` alone restricts nothing."""
    return [term for term in _TERM.finditer(text) if term["regex"] or _value_of(term)]


def _value_of(term: re.Match[str]) -> str:
    return (term["quoted"] or term["word"] or "").lower()


def _not(test: _Test) -> _Test:
    return lambda tracked: not test(tracked)


def _test(term: re.Match[str], profiles: Profiles, patterns: "list[BoundedRegex]") -> _Test:
    """Return the test of a regular expression or a field, and add the expression to `patterns`.

    Raises ValueError with the reason if it is invalid.
    """
    field = (term["field"] or "").lower()
    texts = _texts_of(field, profiles)
    return _regex(term["regex"], texts, patterns) if term["regex"] else _value(field, _value_of(term), texts)


def _texts_of(field: str, profiles: Profiles) -> _Texts:
    """Return the function for the texts of a field; empty for all texts. Raises ValueError for an unknown field."""
    if field == "profile":
        return lambda tracked: profiles(tracked.ref)
    try:
        return _TEXTS[field]
    except KeyError:
        raise ValueError(f"No field {field[:12]}. Fields: {' '.join(FIELDS)}") from None


def _regex(pattern: str, texts: _Texts, patterns: "list[BoundedRegex]") -> _Test:
    from hottui.render.bounded_regex import BoundedRegex, RegexError  # noqa: PLC0415 - start-up time: rarely needed

    try:
        compiled = BoundedRegex(pattern)
    except RegexError as error:
        raise ValueError(f"Regular expression: {error}") from None
    patterns.append(compiled)
    return lambda tracked: any(compiled.search(text[:_MAX_SEARCHED]) for text in texts(tracked))


def _value(field: str, value: str, texts: _Texts) -> _Test:
    match field:
        case "state" | "effect" | "is":
            if field == "is" and not any(kind.startswith(value) for kind in _IS):
                raise ValueError(f"is: takes {' or '.join(_IS)}")
            if field == "state" and value in _STATES:
                return lambda tracked: value in texts(tracked)
            return lambda tracked: any(text.startswith(value) for text in texts(tracked))
        case _:
            return lambda tracked: any(value in text.lower() for text in texts(tracked))


def row_texts(tracked: Tracked) -> tuple[str, ...]:
    """Return the texts of the row, its note and its ref, in which words are searched."""
    summary, mark, ref = tracked.summary, tracked.bookmark, tracked.ref
    return (
        *_states(tracked), freshness_word(tracked), ref.id, ref.workspace, ref.namespace, ref.endpoint,
        *((mark.label, mark.note) if mark else ()),
        *((verdict_label(tracked.effect.verdict),) if tracked.effect else ()),
        tracked.job_name,
        *((summary.state, summary.job_id, summary.change, summary.severity, summary.reason) if summary else ()),
    )  # fmt: skip


def _states(tracked: Tracked) -> tuple[str, ...]:
    """Return the words for its state in lower case: in the table, in the header, and by the service."""
    counted = counted_words(tracked)
    words = (*counted, state_word(tracked).lower(), *(("done",) if "updated" in counted else ()))
    return words if "gone" in words else (*words, tracked.state.lower())


def _effects(tracked: Tracked) -> tuple[str, ...]:
    verdict = tracked.effect.verdict if tracked.effect else None
    return (verdict.value, verdict_label(verdict)) if verdict else ()


def _kinds(tracked: Tracked) -> tuple[str, ...]:
    found = {"unread": tracked.needs_attention, "bookmarked": tracked.bookmark is not None}
    return tuple(kind for kind in _IS if found[kind])


_TEXTS: Final[dict[str, _Texts]] = {
    "": row_texts,
    "state": _states,
    "label": lambda tracked: (tracked.label,),
    "job": lambda tracked: (tracked.job_name, tracked.summary.job_id if tracked.summary else ""),
    "id": lambda tracked: (tracked.ref.id,),
    "effect": _effects,
    "is": _kinds,
}
"""The texts of each field but `profile`."""


def toggle_state(text: str, word: str) -> str:
    """Return the filter `text` with `state:word` as its only term for a state; without it if it has it already."""
    term = f"state:{word}"
    terms = [found[0] for found in _terms(text)]
    others = [each for each in terms if not each.lower().startswith("state:")]
    return " ".join(others if term in terms else [*others, term])
