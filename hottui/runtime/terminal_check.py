"""The terminal in front: whether the dashboard can be drawn on it, and what it needs before."""

import codecs
import io
import os
import re
from collections.abc import Mapping
from typing import TextIO

_CANNOT_DRAW = frozenset({"dumb", "unknown", ""})
_FEW_SIGNS = re.compile(r"(linux|ansi|cons\d+|vt\d+)(-.*)?")
"""Consoles and real terminals, whose fonts hold letters and some lines, but not the signs."""


def why_unusable(stdin: TextIO, stdout: TextIO, environment: Mapping[str, str] = os.environ) -> str | None:
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


def claims_too_many_colors(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether COLORTERM is of the terminal around GNU screen, which takes 24-bit colours for other attributes.

    What it makes of `38;2;…` is faint text. In tmux, whose TERM may be `screen` as well, COLORTERM is right.
    """
    in_screen = "STY" in environment or environment.get("TERM", "").startswith("screen")
    return in_screen and "TMUX" not in environment and bool(environment.get("COLORTERM"))


def needs_ascii(output: TextIO | None, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether only ASCII can be drawn: the terminal is a console, or the locale names an encoding without the signs.

    Textual writes in the stream's encoding and turns what it lacks into `\\u2500`. Python takes the locale C for UTF-8,
    and so a locale that this machine does not have; where one was named, it was for the terminal in front. No locale
    at all says nothing: over SSH it is often not forwarded.
    """
    if _FEW_SIGNS.fullmatch(environment.get("TERM", "")):
        return True
    named = _locale(environment)
    codeset = named.partition(".")[2].partition("@")[0]
    encoding = output.encoding if isinstance(output, io.TextIOWrapper) else "utf-8"
    return named in {"C", "POSIX"} or not (_has_signs(encoding) and _has_signs(codeset or "utf-8"))


def _locale(environment: Mapping[str, str]) -> str:
    """The locale that was chosen for letters; empty when none was.

    Python itself sets LC_CTYPE to C.UTF-8 where it finds the locale C, or none of that name.
    """
    chosen = {key: environment.get(key, "") for key in ("LC_ALL", "LC_CTYPE", "LANG")}
    if chosen["LC_CTYPE"] == "C.UTF-8" and chosen["LANG"]:
        del chosen["LC_CTYPE"]
    return next(filter(None, chosen.values()), "")


def _has_signs(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name in {"utf-8", "utf-16", "utf-32", "gb18030"}
    except LookupError:
        return False
