"""What was untracked a moment ago, so that tracking it again brings back what was seen of it."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, sort_key

_CAPACITY: Final = 32


class RecentlyRemoved:
    """The refs untracked last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Ref, Tracked] = OrderedDict()

    def put(self, tracked: Tracked) -> Ref | None:
        """Keep `tracked`, without its bookmark; gives the ref that had to make room."""
        self._kept[tracked.ref] = replace(tracked, bookmark=None)
        return self._kept.popitem(last=False)[0] if len(self._kept) > _CAPACITY else None

    def take(self, ref: Ref) -> Tracked:
        """What is known of `ref`: what is kept here, else nothing yet."""
        return self._kept.pop(ref, None) or Tracked(ref)

    def drop(self, ref: Ref) -> None:
        """Keep `ref` no more: it is tracked again by another way."""
        self._kept.pop(ref, None)


class TrackedList:
    """The tracked hot updates. Sorting is left until somebody looks, and done once for many changes."""

    def __init__(self) -> None:
        self._tracked: dict[Ref, Tracked] = {}
        self._keys: dict[Ref, tuple[int, float, Ref]] = {}
        self._order: tuple[Tracked, ...] | None = ()

    def __contains__(self, ref: Ref) -> bool:
        return ref in self._tracked

    def __iter__(self) -> Iterator[Ref]:
        return iter(tuple(self._tracked))

    def __getitem__(self, ref: Ref) -> Tracked:
        return self._tracked[ref]

    def get(self, ref: Ref) -> Tracked | None:
        """What is known of `ref`, or None when it is not tracked."""
        return self._tracked.get(ref)

    def put(self, tracked: Tracked) -> bool:
        """Take `tracked` in place of what was known; False when that was the same."""
        if self._tracked.get(tracked.ref) == tracked:
            return False
        self._tracked[tracked.ref] = tracked
        self._keys[tracked.ref] = sort_key(tracked)
        self._order = None
        return True

    def drop(self, ref: Ref) -> None:
        """Track `ref` no more."""
        del self._tracked[ref], self._keys[ref]
        self._order = None

    def in_order(self) -> tuple[Tracked, ...]:
        """Everything tracked, in `sort_key` order."""
        if self._order is None:
            refs = sorted(self._tracked, key=self._keys.__getitem__)
            self._order = tuple(self._tracked[ref] for ref in refs)
        return self._order
