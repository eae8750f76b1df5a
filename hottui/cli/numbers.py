"""Numbers that options take: whatever else is given, one sentence says which are meant."""

from collections.abc import Callable
from typing import Final, TypeVar

import click

from hottui.model.text import shorten

N = TypeVar("N", bound=float)

_SHOWN: Final = 40
"""Letters shown of what was given instead."""


def number(kind: Callable[[str], N], least: N, most: N, meant: str) -> Callable[[str], N]:
    """The type of an option: a number from `least` to `most`, which `meant` says in words.

    It raises click.BadParameter for anything else: "'x' is not a number of seconds from 0.5 to 3600."
    """

    def read(text: str) -> N:
        try:
            found = kind(text)
            in_range = least <= found <= most  # nan is in none
        except ValueError:
            in_range = False
        if not in_range:
            raise click.BadParameter(f"{shorten(text, _SHOWN)!r} is not {meant}.")
        return found

    return read
