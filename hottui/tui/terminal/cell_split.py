"""Split text into terminal cells where every terminal agrees on the widths."""

from functools import lru_cache
from unicodedata import category, east_asian_width

_NARROW = (
    (0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x2FF), (0x370, 0x482), (0x48A, 0x52F), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x20A0, 0x20BF), (0x2100, 0x230F), (0x2320, 0x2426), (0x2440, 0x244A), (0x2460, 0x2BFF), (0xFFFD, 0xFFFD),
)  # fmt: skip
"""First and last code points of blocks of characters of one cell, except those whose Unicode width is wide."""
_WIDE = (
    (0x3001, 0x3029), (0x3041, 0x3096), (0x30A0, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6),
)  # fmt: skip
"""The same for two cells: ideographs, kana, Hangul and full-width forms. Terminals disagree on emoji."""


@lru_cache(8192)
def split(text: str) -> list[str] | None:
    """Return a string for each cell, empty for the second cell of a wide character; do not change the list.

    None if terminals may disagree about the widths, or if `text` has control or combining characters.
    """
    if text.isascii():
        return list(text) if text.isprintable() else None
    cells: list[str] = []
    for character in text:
        width = _width(character)
        if not width:
            return None
        cells.append(character)
        if width == 2:
            cells.append("")
    return cells


@lru_cache(4096)
def _width(character: str) -> int:
    code, wide = ord(character), east_asian_width(character) in "WF"
    if category(character)[0] in "MC":
        return 0
    if any(first <= code <= last for first, last in _WIDE):
        return 2 if wide else 0
    return int(not wide and any(first <= code <= last for first, last in _NARROW))
