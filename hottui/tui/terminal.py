"""The terminal in front: whether the dashboard can be drawn on it, and what it needs before."""

import codecs
import io
import os
from collections.abc import Mapping
from typing import TextIO

_CANNOT_DRAW = frozenset({"dumb", "unknown", ""})


def why_not(stdin: TextIO, stdout: TextIO, environment: Mapping[str, str] = os.environ) -> str | None:
    """Why the dashboard cannot be drawn here; None when it can.

    Empty when standard output is no terminal, because a listing is then what was asked for. Textual itself would
    read a closed or redirected standard input for ever and lay out a file at a made-up size.
    """
    if not stdout.isatty():
        return ""
    if not stdin.isatty():
        return "Standard input is no terminal, so the table is printed once."
    term = environment.get("TERM", "")
    if term in _CANNOT_DRAW:
        return f"The terminal (TERM={term or 'not set'}) cannot draw the dashboard, so the table is printed once."
    return None


def prepare(output: TextIO | None) -> bool:
    """Make Textual's output UTF-8 where the locale is; returns whether only ASCII can be drawn.

    Textual writes in the stream's encoding and turns what it lacks into `\\\\u2500`: a locale without UTF-8 gets the
    ASCII signs instead.
    """
    if not isinstance(output, io.TextIOWrapper):
        return False
    return codecs.lookup(output.encoding).name not in {"utf-8", "utf-16", "utf-32", "gb18030"}
