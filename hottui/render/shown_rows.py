"""Which hot updates the table shows, and in which order."""

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked
from hottui.render.row_filter import Profiles, RowFilter, parse_filter
from hottui.render.row_order import RowOrder, ordered


class ShownRows:
    """Applies filter and order whenever hot updates have changed; each is filtered again only if it has changed."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self.order = RowOrder()
        self.filter = RowFilter()
        self._matched: dict[Ref, tuple[Tracked, bool]] = {}
        """Whether a hot update matches the filter, for as long as it does not change."""

    def set_filter(self, text: str) -> None:
        """Set the filter: see `row_filter`."""
        self.filter = parse_filter(text, self._profiles)
        self._matched.clear()

    def of(self, tracked: tuple[Tracked, ...], kept: Ref | None = None) -> list[Tracked]:
        """Return those of `tracked`, which are in the default order, that match or are `kept`, in the current order."""
        rows = [t for t in tracked if self._matches(t) or t.ref == kept] if self.filter else list(tracked)
        return rows if self.order == RowOrder() else ordered(rows, self.order)

    def _matches(self, tracked: Tracked) -> bool:
        known = self._matched.get(tracked.ref)
        if known is not None and known[0] is tracked:
            return known[1]
        found = self.filter.matches(tracked)
        self._matched[tracked.ref] = tracked, found
        return found
