"""The Flink conf tab: the configuration of the target setting, with the keys that the hot update changes first."""

from collections.abc import Iterable, Mapping, Sequence
from heapq import merge
from typing import Any

from rich.cells import cell_len

from hottui.analysis.changes import value_text
from hottui.model.cell_width import cells, pad
from hottui.model.control_characters import visible
from hottui.model.masking import MASK
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import Glyphs
from hottui.render.lazy_lines import LazyLines, MappedLines, fixed, widest
from hottui.render.styled_text import EMPTY, Line, clip, line, no_answer, note, squeeze

_NONE = object()
_GAP = "  "
_WIDEST_KEY = 46
"""Cells of the key column at most; a longer key moves only its own value to the right."""
_MEASURED = 2_000
"""Rows wider than the window that are measured; above that, the widest is estimated."""
_RUN = 10_000
"""Keys sorted in one call, during which no other thread runs."""


def depends(subject: DetailContext) -> tuple[object, ...]:
    """Return what the rows depend on."""
    return (subject.answer, subject.unreadable, subject.before, subject.width)


def body(subject: DetailContext) -> LazyLines:
    """Return one line per key, `old → new` where the old value is known. Takes about 0.5 s for 200,000 keys."""
    if subject.answer is None:
        return fixed(no_answer(subject))
    result = subject.answer.result
    conf, asked = result.flink_conf, result.asked_conf
    if not conf and not asked:
        return fixed(note("No Flink configuration in the target setting.", subject.width))
    before = subject.before.result.flink_conf if subject.before else {}
    keys = [*asked, *_in_order(key for key in conf if key not in asked)]
    key_width = _key_width(keys, subject.width)
    rows = _Rows(conf, asked, before, glyphs=subject.glyphs, width=subject.width, key_width=key_width)
    return MappedLines(keys, rows.line, rows.searched, width=rows.widest(keys))


def legend(subject: DetailContext) -> tuple[Line, ...]:
    """Explain the marks, if there are any."""
    if subject.answer is None or not subject.answer.result.asked_conf:
        return ()
    known = "  old values: previous hot update of this job" if subject.before else ""
    return (EMPTY, line((f" {subject.glyphs.changed} changed by this hot update", "dim"), (known, "dim")))


def _in_order(keys: Iterable[str]) -> Iterable[str]:
    unsorted = list(keys)
    return merge(*(sorted(unsorted[at : at + _RUN]) for at in range(0, len(unsorted), _RUN)))


def _key_width(keys: Sequence[str], width: int) -> int:
    """Return the cells of the key column: those of the widest key, but at most half the width.

    A longer key moves its value to the right, and loses its leading parts rather than moving it out of view."""
    return min(max((cells(_name(key)) for key in keys), default=0), _WIDEST_KEY, max(width // 2 - 4, 16))


def _name(key: str) -> str:
    return visible(clip(key, 200))


class _Rows:
    """The rows of one configuration."""

    def __init__(
        self,
        conf: Mapping[str, Any],
        asked: Mapping[str, Any],
        before: Mapping[str, Any],
        *,
        glyphs: Glyphs,
        width: int,
        key_width: int,
    ) -> None:
        self._conf, self._asked, self._before = conf, asked, before
        self._glyphs, self._width, self._key_width = glyphs, width, key_width

    def _values(self, key: str) -> tuple[str, str]:
        """Return the old value with its arrow, or an empty string, and the new value."""
        asked, target = self._asked.get(key, _NONE), self._conf.get(key, _NONE)
        if asked is _NONE:
            return "", value_text(target)
        before = self._before.get(key, _NONE)
        old = target if before is _NONE else before
        was = f"{clip(value_text(old))} {self._glyphs.arrow} " if old is not _NONE and old != asked else ""
        return was, value_text(asked)

    def _mark(self, key: str) -> str:
        return self._glyphs.changed if key in self._asked else " "

    def line(self, key: str) -> Line:
        """Return the row of `key`."""
        was, value = self._values(key)
        mark, style = self._mark(key), "changed" if key in self._asked else "text"
        available = self._width - cell_len(f" {mark} ") - len(_GAP) - cells(visible(was + clip(value, 200)))
        name = squeeze(_name(key), max(available, self._key_width))
        return line(
            (f" {mark} ", "changed"),
            (pad(name, self._key_width) + _GAP, style),
            (was, "dim"),
            (clip(value), "secret" if value == MASK else style),
            value=value,
        )

    def searched(self, key: str) -> str:
        """Return what a filter searches: the whole key, even where the row truncates it."""
        was, value = self._values(key)
        return f"{self._mark(key)} {key} {was}{clip(value)}"

    def widest(self, keys: Sequence[str]) -> int:
        """Return the cells of the widest row; whole key plus values is an upper bound, which usually fits."""
        longest, wide = 0, []
        for key in keys:
            was, value = self._values(key)
            length = 3 + max(cells(_name(key)), self._key_width) + len(_GAP) + cells(was) + cells(clip(value))
            longest = max(longest, length)
            if length > self._width:
                wide.append(key)
        if not wide or len(wide) > _MEASURED:
            return longest
        return max(self._width, widest(map(self.line, wide)))
