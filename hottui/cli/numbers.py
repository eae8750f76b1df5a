"""Numbers that options take: whatever else is given, one sentence says which are meant."""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import click

from hottui.model.text import shorten

N = TypeVar("N", bound=float)

_SHOWN: Final = 40
"""Letters shown of what was given instead."""


class Number(click.ParamType, Generic[N]):
    """A number from `least` to `most`; `meant` says so in words: "a number of seconds from 0.5 to 3600"."""

    name = "number"

    def __init__(self, kind: Callable[[str], N], least: N, most: N, meant: str) -> None:
        self._kind = kind
        self._least = least
        self._most = most
        self._meant = meant

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> N:
        """The number that `value` is. Raises click.BadParameter."""
        try:
            number: N = self._kind(value)
            in_range = self._least <= number <= self._most  # nan is in none
        except ValueError:
            in_range = False
        if not in_range:
            raise click.BadParameter(f"{shorten(str(value), _SHOWN)!r} is not {self._meant}.", ctx, param)
        return number
