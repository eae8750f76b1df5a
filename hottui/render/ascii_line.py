"""A line of the screen in ASCII of the same width, with arrows and ellipses of more than one character."""

from collections.abc import Sequence
from typing import Final

from hottui.model.cell_width import cells
from hottui.render.glyphs import ASCII, UNICODE, to_ascii

_BORDERS: Final = frozenset("│┃|╎")
"""Characters beyond which no blanks are taken."""


def ascii_line(texts: Sequence[str]) -> list[str]:
    """Return the parts of a line in ASCII; all together have the same width in cells as before.

    An arrow takes its second cell from the next run of blanks, so that the columns after it stay, or else the blank
    after it. An ellipsis takes the cells of two characters beside it, or the blanks at the end of the line.
    """
    line = "".join(texts)
    if UNICODE.arrow not in line and UNICODE.ellipsis not in line:
        return [to_ascii(text) for text in texts]
    out = list(line)
    for at, character in enumerate(line):
        if character == UNICODE.arrow:
            blank = _spare_blank(out, at + 1)
            if blank is not None:
                out[at], out[blank] = ASCII.arrow, ""
        elif character == UNICODE.ellipsis:
            _expand_ellipsis(out, at)
    parts, begin = [], 0
    for text in texts:
        parts.append(to_ascii("".join(out[begin : begin + len(text)])))
        begin += len(text)
    return parts


def _spare_blank(out: list[str], begin: int) -> int | None:
    """Return the index of the next blank beside another one from `begin` on: the last cell may be under a scrollbar.

    Up to a border, and to a run from which a blank was taken already. Without one it is `begin`, if that is a blank.
    """
    for at in range(begin, len(out)):
        if out[at] in _BORDERS or not out[at]:
            break
        if out[at : at + 2] == [" ", " "]:
            return at
    return begin if out[begin : begin + 1] == [" "] else None


def _expand_ellipsis(out: list[str], at: int) -> None:
    before, following = out[max(at - 2, 0) : at], out[at + 1 : at + 3]
    after = [n for n in range(at + 1, len(out)) if out[n]]
    last = after[-3:]  # the last one may be under a scrollbar
    blank_end = len(last) == 3 and all(out[n] == " " for n in last)
    begins_text = bool(following) and following[0] not in ("", " ")
    if blank_end and all(out[n] == " " for n in after):
        out[at], out[last[0]], out[last[1]] = ASCII.ellipsis, "", ""
    elif begins_text and _are_cells(following):
        out[at : at + 3] = ASCII.ellipsis
    elif not begins_text and _are_cells(before):
        out[at - 2 : at + 1] = ASCII.ellipsis
    elif blank_end:
        out[at], out[last[0]], out[last[1]] = ASCII.ellipsis, "", ""


def _are_cells(two: Sequence[str]) -> bool:
    """Return whether these are two characters of one cell, and not both blank."""
    return len(two) == 2 and all(len(each) == 1 == cells(each) for each in two) and "".join(two) != "  "
