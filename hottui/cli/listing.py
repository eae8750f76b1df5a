"""Options of the commands that print lists of hot updates: format, columns, titles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Final, TypeVar

import click

from hottui.cli.columns import COLUMNS
from hottui.cli.completers import complete_columns
from hottui.cli.options import ascii_option
from hottui.cli.output import emit, supports_glyphs, terminal_width, writes_unicode
from hottui.cli.tables import csv_lines, table
from hottui.model.control_characters import shorten
from hottui.model.tracking import Tracked
from hottui.render.glyphs import ASCII, UNICODE

R = TypeVar("R")

JSON: Final = ("json", "jsonl")
"""Both are one JSON object per line."""
_LINES: Final = {"table", "csv"}


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list is printed."""

    output: str
    """The format; empty for the default of the command."""
    columns: tuple[str, ...]
    headers: bool
    ascii_only: bool

    def chosen(self, default: str) -> "Listing":
        """Return it with a format. Raises click.UsageError for columns in a format that has none."""
        output = self.output or default
        unused = "--columns" if self.columns else "" if self.headers else "--no-headers"
        if unused and output not in _LINES:
            raise click.UsageError(f"{unused} needs -o table or -o csv.", click.get_current_context())
        return replace(self, output=output)

    def emit(self, rows: Sequence[Tracked]) -> None:
        """Print the rows as a table or as CSV."""
        if self.output == "csv":
            for line in csv_lines(rows, self.columns, headers=self.headers):
                emit(line if writes_unicode() else line.replace(UNICODE.arrow, ASCII.arrow))
        elif rows:
            width = terminal_width()
            emit(table(rows, width, self.ascii_only, columns=self.columns, headers=self.headers))


def listing_options(*formats: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Add the options for a list in one of `formats`; the command receives them as `listing`."""
    options = (
        click.option("-o", "--output", type=click.Choice(formats), default=None, metavar="|".join(formats),
                     help="Format: a table by default; json and jsonl are one JSON object per line."),
        click.option("--columns", callback=_columns, shell_complete=complete_columns, default="", metavar="NAMES",
                     help=f"Columns of a table or of CSV, separated by commas: {', '.join(COLUMNS)}."),
        click.option("--no-headers", is_flag=True, help="Leave out the titles of a table or of CSV."),
        ascii_option,
    )  # fmt: skip

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @wraps(command)
        def with_listing(
            *, output: str | None, columns: tuple[str, ...], no_headers: bool, ascii_only: bool, **more: Any
        ) -> R:
            plain = ascii_only or not supports_glyphs()
            return command(listing=Listing(output or "", columns, not no_headers, plain), **more)

        for option in reversed(options):
            with_listing = option(with_listing)
        return with_listing

    return decorate


def _columns(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """Return the names in a list separated by commas."""
    if value and not value.strip(" ,"):
        raise click.BadParameter("must not be empty.", context, parameter)
    names = tuple(dict.fromkeys(name.strip().lower() for name in value.split(",") if name.strip()))
    for name in names:
        if name not in COLUMNS:
            message = f"{shorten(name, 40)!r} is not a column. Columns: {', '.join(COLUMNS)}."
            raise click.BadParameter(message, context, parameter)
    return names
