"""Sequences of lines that are rendered on access: an answer may have 100,000 lines, a window shows forty."""

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Generic, TypeVar, overload

from hottui.model.cell_width import cells
from hottui.render.styled_text import Line

T = TypeVar("T")
_MEASURED = 2_000
"""Maximum number of filtered lines that are measured; larger results take the width of the whole list."""


class LazyLines(Sequence[Line]):
    """A sequence of lines. `width` is the width of the widest line in cells, or slightly more."""

    width: int

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        """Render one line, or several for a slice."""
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        size = len(self)
        at = index + size if index < 0 else index
        if not 0 <= at < size:
            raise IndexError(index)
        return self._line(at)

    def __iter__(self) -> Iterator[Line]:
        """Render each line."""
        return (self._line(at) for at in range(len(self)))

    @abstractmethod
    def _line(self, index: int) -> Line:
        """Render the line at `index`, which is in range."""

    @property
    @abstractmethod
    def texts(self) -> Sequence[str]:
        """The text that a filter searches for each line, in lower case. Slow to compute, cached."""


class MappedLines(LazyLines, Generic[T]):
    """A line for each of `items`, rendered by `make`.

    `searched` returns the text that a filter searches, by default the line's. Without `width`, every line is measured.
    """

    def __init__(
        self,
        items: Sequence[T],
        make: Callable[[T], Line],
        searched: Callable[[T], str] | None = None,
        *,
        width: int | None = None,
    ) -> None:
        self._items, self._make, self._searched = items, make, searched
        self._texts: list[str] | None = None
        self.width = widest(map(make, items)) if width is None else width

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def _line(self, index: int) -> Line:
        return self._make(self._items[index])

    @property
    def texts(self) -> Sequence[str]:
        """See `LazyLines.texts`."""
        if self._texts is None:
            searched = self._searched or (lambda item: self._make(item).text)
            self._texts = [searched(item).lower() for item in self._items]
        return self._texts


def fixed(lines: Iterable[Line]) -> MappedLines[Line]:
    """Wrap lines that are already rendered."""
    return MappedLines(tuple(lines), _itself)


def _itself(line: Line) -> Line:
    return line


class ConcatenatedLines(LazyLines):
    """Several lists of lines in sequence."""

    def __init__(self, *parts: LazyLines) -> None:
        self._parts = tuple(part for part in parts if len(part))
        self._ends = tuple(accumulate(map(len, self._parts)))
        self._texts: list[str] | None = None
        self.width = max((part.width for part in self._parts), default=0)

    def __len__(self) -> int:
        """Return the total number of lines."""
        return self._ends[-1] if self._ends else 0

    def _line(self, index: int) -> Line:
        number = bisect_right(self._ends, index)
        return self._parts[number][index - (self._ends[number - 1] if number else 0)]

    @property
    def texts(self) -> Sequence[str]:
        """See `LazyLines.texts`."""
        if self._texts is None:
            self._texts = [text for part in self._parts for text in part.texts]
        return self._texts


class FilteredLines(LazyLines):
    """The lines of another list at the given indices."""

    def __init__(self, lines: LazyLines, indices: Sequence[int]) -> None:
        self._lines, self._indices = lines, indices
        self.width = widest(self) if len(indices) <= _MEASURED else lines.width

    def __len__(self) -> int:
        """Return the number of selected lines."""
        return len(self._indices)

    def _line(self, index: int) -> Line:
        return self._lines[self._indices[index]]

    @property
    def texts(self) -> Sequence[str]:
        """See `LazyLines.texts`."""
        texts = self._lines.texts
        return [texts[index] for index in self._indices]


NO_LINES = ConcatenatedLines()


def matching(lines: LazyLines, words: tuple[str, ...]) -> LazyLines:
    """Return the lines that contain every word; `words` are in lower case."""
    if not words:
        return lines
    return FilteredLines(lines, [at for at, text in enumerate(lines.texts) if all(word in text for word in words)])


def widest(lines: Iterable[Line]) -> int:
    """Return the width of the widest line in cells."""
    return max((cells(line.text) for line in lines), default=0)
