"""Lists of lines that are made when they are asked for: an answer may have 100,000 of them, a window has forty."""

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Generic, TypeVar, overload

from hottui.model.cell_width import cells
from hottui.render.styled_text import Line

T = TypeVar("T")
_MEASURED = 2_000
"""Lines up to which the width of a selection is measured; it is the width of all beyond that."""


class LazyLines(Sequence[Line]):
    """Lines in order. `width` is that of the widest in cells, or a little more."""

    width: int

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        """Make a line."""
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        size = len(self)
        at = index + size if index < 0 else index
        if not 0 <= at < size:
            raise IndexError(index)
        return self._line(at)

    def __iter__(self) -> Iterator[Line]:
        """Make each line."""
        return (self._line(at) for at in range(len(self)))

    @abstractmethod
    def _line(self, index: int) -> Line:
        """Make the line at `index`, which exists."""

    @property
    @abstractmethod
    def texts(self) -> Sequence[str]:
        """What a filter searches, a lower-case text for each line. It takes long to make, and is kept."""


class MappedLines(LazyLines, Generic[T]):
    """A line for each of `items`, made by `make`. `searched` gives what a filter searches, by default the line's text.

    Without a `width` every line is measured.
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
        """How many items there are."""
        return len(self._items)

    def _line(self, index: int) -> Line:
        return self._make(self._items[index])

    @property
    def texts(self) -> Sequence[str]:
        """As `LazyLines` has it."""
        if self._texts is None:
            searched = self._searched or (lambda item: self._make(item).text)
            self._texts = [searched(item).lower() for item in self._items]
        return self._texts


def fixed(lines: Iterable[Line]) -> MappedLines[Line]:
    """Lines that are made already."""
    return MappedLines(tuple(lines), _itself)


def _itself(line: Line) -> Line:
    return line


class ConcatenatedLines(LazyLines):
    """The lines of several lists, one after another."""

    def __init__(self, *parts: LazyLines) -> None:
        self._parts = tuple(part for part in parts if len(part))
        self._ends = tuple(accumulate(map(len, self._parts)))
        self._texts: list[str] | None = None
        self.width = max((part.width for part in self._parts), default=0)

    def __len__(self) -> int:
        """How many lines there are in all."""
        return self._ends[-1] if self._ends else 0

    def _line(self, index: int) -> Line:
        number = bisect_right(self._ends, index)
        return self._parts[number][index - (self._ends[number - 1] if number else 0)]

    @property
    def texts(self) -> Sequence[str]:
        """As `LazyLines` has it."""
        if self._texts is None:
            self._texts = [text for part in self._parts for text in part.texts]
        return self._texts


class FilteredLines(LazyLines):
    """Some of the lines of another list."""

    def __init__(self, lines: LazyLines, indices: Sequence[int]) -> None:
        self._lines, self._indices = lines, indices
        self.width = widest(self) if len(indices) <= _MEASURED else lines.width

    def __len__(self) -> int:
        """How many were selected."""
        return len(self._indices)

    def _line(self, index: int) -> Line:
        return self._lines[self._indices[index]]

    @property
    def texts(self) -> Sequence[str]:
        """As `LazyLines` has it."""
        every = self._lines.texts
        return [every[index] for index in self._indices]


NO_LINES = ConcatenatedLines()


def matching(lines: LazyLines, words: tuple[str, ...]) -> LazyLines:
    """The lines that hold every word; `words` are lower-case."""
    if not words:
        return lines
    return FilteredLines(lines, [at for at, text in enumerate(lines.texts) if all(word in text for word in words)])


def widest(lines: Iterable[Line]) -> int:
    """Cells of the widest line."""
    return max((cells(line.text) for line in lines), default=0)
