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


def ascii_alone(output: TextIO | None, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether only ASCII can be drawn: the locale asks for C, or names an encoding that lacks the signs.

    Textual writes in the stream's encoding and turns what it lacks into `\\u2500`. Python takes the locale C for UTF-8;
    where it was chosen, it was for a terminal that draws nothing beyond ASCII. No locale at all says nothing: over
    SSH it is often not forwarded.
    """
    named = next((environment[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(key)), "")
    if named in {"C", "POSIX"}:
        return True
    encoding = output.encoding if isinstance(output, io.TextIOWrapper) else "utf-8"
    return codecs.lookup(encoding).name not in {"utf-8", "utf-16", "utf-32", "gb18030"}
