"""Flink conf: the target's configuration, the keys that the update changes marked and put first."""

from typing import Any

from rich.cells import cell_len

from hottui.model.changes import value_text
from hottui.model.masking import MASK
from hottui.model.text import visible
from hottui.tui.detail.fields import note
from hottui.tui.detail.subject import Subject
from hottui.tui.lines import EMPTY, Line, clip, line, pad, squeeze

_NONE = object()
_GAP = "  "
_WIDEST_KEY = 46
"""Cells beyond which a key would rather push its own value than all values to the right."""


def lines(subject: Subject) -> tuple[Line, ...]:
    """The pane: one line a key, `old → new` where the old value is known."""
    if subject.answer is None:
        return note("No answer has been read yet.", subject.width)
    result = subject.answer.result
    conf, asked = result.flink_conf, result.asked_conf
    before = subject.before.result.flink_conf if subject.before else {}
    keys = [*asked, *sorted(key for key in conf if key not in asked)]
    width = _key_width(keys, subject.width)
    rows = [
        _row(key, asked.get(key, _NONE), conf.get(key, _NONE), before.get(key, _NONE), subject, key_width=width)
        for key in keys
    ]
    shown = [row for key, row in zip(keys, rows, strict=True) if _holds(key, row, subject.words)]
    if not keys:
        return note("The target setting has no Flink configuration.", subject.width)
    if not shown:
        return note(f"No key or value holds “{' '.join(subject.words)}”.", subject.width)
    known = "  old value from the hot update seen before for this job" if subject.before else ""
    legend = line((f" {subject.glyphs.changed} changed by this hot update", "dim"), (known, "dim"))
    return (*shown, EMPTY, legend) if asked else tuple(shown)


def _holds(key: str, row: Line, words: tuple[str, ...]) -> bool:
    text = f"{key} {row.text}".lower()
    return all(word in text for word in words)


def _key_width(keys: list[str], width: int) -> int:
    """Cells of the column of keys: as wide as the widest, but not more than half. A longer key pushes its value, and
    loses its leading parts before it would push it out of sight."""
    return min(
        max((cell_len(visible(clip(key, 200))) for key in keys), default=0), _WIDEST_KEY, max(width // 2 - 4, 16)
    )


def _row(key: str, asked: Any, target: Any, before: Any, subject: Subject, *, key_width: int) -> Line:
    new = asked if asked is not _NONE else target
    old = before if before is not _NONE and asked is not _NONE else target
    value, was = value_text(new), ""
    mark = subject.glyphs.changed if asked is not _NONE else " "
    if asked is not _NONE and old is not _NONE and old != new:
        was = f"{clip(value_text(old))} {subject.glyphs.arrow} "
    room = subject.width - cell_len(f" {mark} ") - len(_GAP) - cell_len(visible(was + clip(value, 200)))
    name = squeeze(visible(clip(key, 200)), max(room, key_width))
    return line(
        (f" {mark} ", "changed"),
        (pad(name, key_width) + _GAP, "changed" if asked is not _NONE else "text"),
        (was, "dim"),
        (clip(value), "secret" if value == MASK else "changed" if asked is not _NONE else "text"),
        value=value,
    )
