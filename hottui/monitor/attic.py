"""What was untracked a moment ago, so that tracking it again brings back what was seen of it."""

from collections import OrderedDict
from dataclasses import replace
from typing import Final

from hottui.model.ref import Ref
from hottui.model.tracking import Tracked

_ROOM: Final = 32


class Attic:
    """The refs untracked last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Ref, Tracked] = OrderedDict()

    def put(self, tracked: Tracked) -> Ref | None:
        """Keep `tracked`, without its bookmark; gives the ref that had to make room."""
        self._kept[tracked.ref] = replace(tracked, bookmark=None)
        return self._kept.popitem(last=False)[0] if len(self._kept) > _ROOM else None

    def take(self, ref: Ref) -> Tracked:
        """What is known of `ref`: what is kept here, else nothing yet."""
        return self._kept.pop(ref, None) or Tracked(ref)

    def drop(self, ref: Ref) -> None:
        """Keep `ref` no more: it is tracked again by another way."""
        self._kept.pop(ref, None)
