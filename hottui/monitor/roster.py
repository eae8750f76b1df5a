"""What is tracked now, in the order in which it is shown."""

from collections.abc import Iterator

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked, sort_key


class Roster:
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
