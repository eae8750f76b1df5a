"""Check what the terminal supports: whether the dashboard can be drawn, colors, and glyphs beyond ASCII."""

import codecs
import io
import os
import re
from collections.abc import Mapping
from typing import TextIO

CANNOT_DRAW = frozenset({"dumb", "unknown", ""})
"""Values of TERM of terminals that cannot draw the dashboard."""
_ASCII_TERMINALS = re.compile(r"(linux|ansi|cons\d+|vt\d+)(-.*)?")
"""Consoles and hardware terminals, whose fonts lack most glyphs."""


def why_unusable(stdin: TextIO, stdout: TextIO, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return why the dashboard cannot be drawn, or None if it can.

    Empty if standard output is not a terminal: printing a table is then expected. Textual itself would read a closed
    or redirected standard input forever and lay out a file at an arbitrary size.
    """
    if not stdout.isatty():
        return ""
    if not stdin.isatty():
        return "Standard input is not a terminal, so the table is printed once."
    term = environment.get("TERM", "")
    if term in CANNOT_DRAW:
        return f"The terminal (TERM={term or 'not set'}) cannot draw the dashboard, so the table is printed once."
    return None


def accepts_title(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the terminal has a window title; a console and Emacs' terminal may show the sequence as text."""
    term = environment.get("TERM", "")
    return not (term in CANNOT_DRAW or _ASCII_TERMINALS.fullmatch(term) or term.startswith("eterm"))


def claims_too_many_colors(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether COLORTERM describes the terminal around GNU screen, which misreads 24-bit colors.

    GNU screen turns `38;2;…` into faint text. In tmux, whose TERM may also be `screen`, COLORTERM is right.
    """
    in_screen = "STY" in environment or environment.get("TERM", "").startswith("screen")
    return in_screen and "TMUX" not in environment and bool(environment.get("COLORTERM"))


def needs_ascii(output: TextIO | None, environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether only ASCII can be drawn: the terminal is a console, or the locale's encoding lacks the glyphs.

    Textual writes in the stream's encoding and escapes what it lacks as `\\u2500`. Python treats the locale C, and any
    locale that is not installed, as UTF-8; a locale that was set describes the user's terminal. An unset locale means
    nothing: SSH often does not forward it.
    """
    if _ASCII_TERMINALS.fullmatch(environment.get("TERM", "")):
        return True
    named = _locale(environment)
    codeset = named.partition(".")[2].partition("@")[0]
    encoding = output.encoding if isinstance(output, io.TextIOWrapper) else "utf-8"
    return named in {"C", "POSIX"} or not (_has_glyphs(encoding) and _has_glyphs(codeset or "utf-8"))


def _locale(environment: Mapping[str, str]) -> str:
    """Return the locale that was set for characters; empty if none was.

    Python itself sets LC_CTYPE to C.UTF-8 if the locale is C or is not installed.
    """
    chosen = {key: environment.get(key, "") for key in ("LC_ALL", "LC_CTYPE", "LANG")}
    if chosen["LC_CTYPE"] == "C.UTF-8" and chosen["LANG"]:
        del chosen["LC_CTYPE"]
    return next(filter(None, chosen.values()), "")


def _has_glyphs(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name in {"utf-8", "utf-16", "utf-32", "gb18030"}
    except LookupError:
        return False
