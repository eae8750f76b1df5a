"""The list of tracked hot updates, and the recently removed ones, which can be restored."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Tracked, sort_key

_CAPACITY: Final = 32


def relabeled(old: Bookmark | None, new: Bookmark) -> Bookmark:
    """Return `new`; if there is an `old` one, that one with label and note of `new` where they are not empty."""
    if old is None:
        return new
    return replace(old, label=new.label or old.label, note=new.note or old.note)


class RecentlyRemoved:
    """The refs untracked last, with their last state, so that tracking them again restores it."""

    def __init__(self) -> None:
        self._removed: OrderedDict[Ref, Tracked] = OrderedDict()

    def add(self, tracked: Tracked) -> Ref | None:
        """Add `tracked` without its bookmark; returns the ref that was evicted for it, if any."""
        self._removed[tracked.ref] = replace(tracked, bookmark=None)
        return self._removed.popitem(last=False)[0] if len(self._removed) > _CAPACITY else None

    def pop(self, ref: Ref) -> Tracked:
        """Remove and return what is known about `ref`, or a new Tracked."""
        return self._removed.pop(ref, None) or Tracked(ref)

    def discard(self, ref: Ref) -> None:
        """Remove `ref` if it is there."""
        self._removed.pop(ref, None)


class TrackedList:
    """The tracked hot updates. They are sorted when the order is needed, once for many changes."""

    def __init__(self) -> None:
        self._tracked: dict[Ref, Tracked] = {}
        self._keys: dict[Ref, tuple[int, float, Ref]] = {}
        self._sorted = True
        """Whether `_tracked` is in order: a repeated answer changes none."""
        self._order: tuple[Tracked, ...] | None = ()

    def __contains__(self, ref: Ref) -> bool:
        return ref in self._tracked

    def __iter__(self) -> Iterator[Ref]:
        return iter(tuple(self._tracked))

    def __getitem__(self, ref: Ref) -> Tracked:
        return self._tracked[ref]

    def get(self, ref: Ref) -> Tracked | None:
        """Return the Tracked of `ref`; None if it is not tracked."""
        return self._tracked.get(ref)

    def update(self, tracked: Tracked) -> bool:
        """Add or replace the Tracked of a ref; False if it is equal to the old one."""
        if self._tracked.get(tracked.ref) == tracked:
            return False
        key = sort_key(tracked)
        self._tracked[tracked.ref] = tracked
        self._order = None
        if self._keys.get(tracked.ref) != key:
            self._keys[tracked.ref] = key
            self._sorted = False
        return True

    def remove(self, ref: Ref) -> None:
        """Remove `ref`."""
        del self._tracked[ref], self._keys[ref]
        self._order = None

    def in_order(self) -> tuple[Tracked, ...]:
        """Return everything tracked, in `sort_key` order."""
        if self._order is None:
            if not self._sorted:
                refs = sorted(self._tracked, key=self._keys.__getitem__)
                self._tracked = {ref: self._tracked[ref] for ref in refs}
                self._sorted = True
            self._order = tuple(self._tracked.values())
        return self._order
