"""Hot updates as a plain-text table and as CSV, for pipes and scripts."""

import time
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Final

from hottui.cli.columns import COLUMNS, IN_CSV, IN_TABLE
from hottui.model.cell_width import cells, fit
from hottui.model.control_characters import visible
from hottui.model.tracking import Tracked
from hottui.render.glyphs import ASCII, UNICODE

_LOCATION: Final = frozenset({"region", "workspace", "namespace"})
_GAP: Final = 2
_CHANGE: Final = 24
"""Minimum width of the last column while others can still be narrowed."""
_NARROWING: Final = (
    ("job", 14), ("job", 9), ("job", 0), ("workspace", 9), ("label", 20), ("seen", 0), ("workspace", 0),
    ("namespace", 12), ("region", 0), ("namespace", 0), ("for", 0), ("label", 12), ("effect", 0),
    ("id", 13), ("label", 0), ("id", 0),
)  # fmt: skip
"""Columns in the order in which they are narrowed (in cells) or, at 0, left out on a narrow terminal."""

NO_BOOKMARKS: Final = ("No bookmarks yet.", "Add one: hottui add ID")
"""Message and hint shown instead of an empty table."""


def table(
    tracked: Iterable[Tracked],
    width: int = 0,
    ascii_only: bool = False,
    now: float | None = None,
    *,
    columns: Sequence[str] = (),
    headers: bool = True,
) -> str:
    """Return a header and one row per hot update; "" if there are none.

    `columns` are names of COLUMNS. Without them, columns that are empty in all rows are left out; region, workspace and
    namespace are shown if they vary. Rows are at most `width` cells wide; 0 is unlimited.
    """
    now = time.time() if now is None else now
    listed = list(tracked)
    if not listed:
        return ""
    names = columns or IN_TABLE
    found = {name: [_plain(COLUMNS[name].text(one, now), ascii_only) for one in listed] for name in names}
    if not columns:
        found = {name: texts for name, texts in found.items() if _is_needed(name, texts)}
    natural = {name: max(map(cells, (*texts, name if headers else ""))) for name, texts in found.items()}
    sizes = _fitted(natural, width).values()
    ellipsis = (ASCII if ascii_only else UNICODE).ellipsis
    titles = [tuple(name.upper() for name in found)] if headers else []
    lines = (
        (" " * _GAP).join(fit(text, size, ellipsis) for text, size in zip(row, sizes, strict=True) if size).rstrip()
        for row in (*titles, *zip(*found.values(), strict=True))
    )
    return "\n".join(fit(line, width, ellipsis).rstrip() if width else line for line in lines)


def csv_lines(
    tracked: Iterable[Tracked], columns: Sequence[str] = (), *, headers: bool = True, now: float | None = None
) -> Iterator[str]:
    """Yield lines of CSV (RFC 4180) without control characters: times are UTC, states the service's own words."""
    now = time.time() if now is None else now
    names = columns or IN_CSV
    if headers:
        yield _csv_line(names)
    for one in tracked:
        yield _csv_line([visible(COLUMNS[name].value(one, now)) for name in names])


def _csv_line(values: Sequence[str]) -> str:
    import csv  # noqa: PLC0415 - start-up time: other formats do without

    line = StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def _is_needed(name: str, texts: list[str]) -> bool:
    return len(set(texts)) > 1 if name in _LOCATION else any(texts)


def _fitted(natural: dict[str, int], width: int) -> dict[str, int]:
    """Return the width of each column, 0 if left out, for a table of at most `width` cells."""
    sizes = dict(natural)
    if not width or _total(sizes) <= width:
        return sizes
    last = sizes.get("change", 0)
    if last:
        sizes["change"] = min(last, _CHANGE)
    for title, narrow in _NARROWING:
        if _total(sizes) <= width:
            break
        if title in sizes:
            sizes[title] = min(sizes[title], narrow)
    if last:
        sizes["change"] = max(min(last, sizes["change"] + width - _total(sizes)), 1)
    return sizes


def _total(sizes: dict[str, int]) -> int:
    shown = [each for each in sizes.values() if each]
    return sum(shown) + _GAP * (len(shown) - 1)


def _plain(text: str, ascii_only: bool) -> str:
    text = visible(text).strip()
    if ascii_only and not text.isascii():
        from hottui.render.glyphs import ascii_text  # noqa: PLC0415 - rarely needed

        text = ascii_text(text)
    return text
