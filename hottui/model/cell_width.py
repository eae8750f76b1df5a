"""Text widths in terminal cells: measure, pad and truncate. Wide characters take two cells, combining ones none."""

from rich.cells import cell_len, set_cell_size

from hottui.model.control_characters import visible

CIRCLE = "◌"


def cells(text: str) -> int:
    """Return the number of cells that `text` takes; ASCII text is not measured character by character."""
    return len(text) if text.isascii() else cell_len(text)


def pad(text: str, width: int) -> str:
    """Return `text` padded with blanks to at least `width` cells."""
    return text + " " * (width - cells(text))


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """Return `text` in exactly `width` cells, padded or truncated. A wide character cut in half becomes a blank."""
    if width <= 0:
        return ""
    text = text[: 4 * width + 8]  # the rest is never visible, and measuring it takes time
    if cells(text) <= width:
        return pad(text, width)
    return set_cell_size(text, max(width - len(ellipsis), 0)) + ellipsis[:width]


def truncate(text: str, width: int, ellipsis: str) -> str:
    """Return `text` in at most `width` cells; truncated text ends with `ellipsis`."""
    if cells(text) <= width:
        return text
    if width <= 0:
        return ""
    ellipsis = ellipsis[:width]
    low, high = 0, min(len(text), width * 4)
    while low < high:
        middle = (low + high + 1) // 2
        if cells(text[:middle] + ellipsis) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low] + ellipsis


def label(text: str) -> str:
    """Return `text` as one visible line. A leading combining mark is placed on a dotted circle."""
    shown = visible(text)
    return CIRCLE + shown if shown and not shown.isascii() and cell_len(shown[0]) == 0 else shown
