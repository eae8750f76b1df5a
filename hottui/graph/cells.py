"""Widths in cells. A terminal gives some characters two cells and combining ones none."""

from rich.cells import cell_len

from hottui.model.text import visible

CIRCLE = "◌"


def cells(text: str) -> int:
    """How many cells `text` takes."""
    return len(text) if text.isascii() else cell_len(text)


def label(text: str) -> str:
    """`text` as one visible line; a mark that would combine with what stands before it gets a circle to stand on."""
    shown = visible(text)
    return CIRCLE + shown if shown and not shown.isascii() and cell_len(shown[0]) == 0 else shown


def fit(text: str, width: int, ellipsis: str) -> str:
    """`text` in at most `width` cells, its end the `ellipsis` (of one cell) when something was cut."""
    if cells(text) <= width:
        return text
    if width <= 0:
        return ""
    low, high = 0, min(len(text), width * 4)
    while low < high:
        middle = (low + high + 1) // 2
        if cells(text[:middle] + ellipsis) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low] + ellipsis


def pad(text: str, width: int) -> str:
    """`text` followed by blanks up to `width` cells."""
    return text + " " * (width - cells(text))
