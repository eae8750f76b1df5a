"""What the shell offers for a value: bookmarked IDs, labels, profiles, themes, regions, columns.

A completion prints nothing into the user's prompt: where a file cannot be read, nothing is offered. Names that a shell
would interpret are left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

import click

from hottui.errors import HottuiError
from hottui.model.state import state_text

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from hottui.model.tracking import Tracked

T = TypeVar("T")

DEFAULT_COMMAND: Final = "hottui.cli.default"
"""Key in `click.Context.meta`: whether the command was not named."""

_PLAIN: Final = re.compile(r"[\w@%+=:./-][\w@%+=:,./×-]*")
"""Text without spaces and without characters that a shell interprets."""


def complete_ids(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Offer bookmarked IDs that begin with the text, or whose label does; each with its label and state."""
    given = context.params.get(parameter.name or "") or ()
    offered = []
    for row in _bookmarks():
        label = row.label
        texts = (row.ref.id, *label.lower().split(), label.lower())
        if row.ref.id not in given and any(text.startswith(incomplete.lower()) for text in texts):
            offered.append((row.ref.id, " ".join(filter(None, (label, state_text(row.state) if row.state else "")))))
    return _items(offered)


def complete_first(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Offer bookmarked IDs, and the commands as long as no ID and no command was given."""
    from hottui.cli.command_group import COMMANDS  # noqa: PLC0415 - it imports the commands' options, which name this function

    commands = COMMANDS if context.meta.get(DEFAULT_COMMAND) and not context.params.get(parameter.name or "") else {}
    named = [(name, entry.help) for name, entry in commands.items() if name.startswith(incomplete)]
    return [*_items(named), *complete_ids(context, parameter, incomplete)]


def complete_id_or_file(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Offer bookmarked IDs, and files where none matches."""
    return complete_ids(context, parameter, incomplete) or complete_file(context, parameter, incomplete)


def complete_file(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":  # noqa: ARG001 - click's signature
    """Let the shell offer files."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - start-up time: only for completion

    return [CompletionItem(incomplete, type="file")]


def complete_columns(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":  # noqa: ARG001 - click's signature
    """Offer the last name of a list separated by commas."""
    from hottui.cli.columns import COLUMNS  # noqa: PLC0415 - start-up time: only for completion

    before, comma, name = incomplete.rpartition(",")
    given = before.split(",")
    return _items((f"{before}{comma}{each}", "") for each in COLUMNS if each.startswith(name) and each not in given)


def _completer(
    names: Callable[[], Iterable[str]],
) -> "Callable[[click.Context, click.Parameter, str], list[CompletionItem]]":
    """Return a completer that offers those `names` that begin with the text."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":  # noqa: ARG001 - click's signature
        return _items((name, "") for name in _quietly(names) if name.startswith(incomplete))

    return complete


def _profiles() -> Iterable[str]:
    from hottui.cli import wiring  # noqa: PLC0415 - start-up time: only for completion

    return sorted(wiring.load_settings(default_profile=False).config.profiles)


def _themes() -> Iterable[str]:
    from hottui.cli import wiring  # noqa: PLC0415 - start-up time: only for completion

    return sorted({path.stem for folder in wiring.theme_folders() for path in folder.glob("*.toml")})


def _regions() -> Iterable[str]:
    from hottui.service.endpoints import REGIONS  # noqa: PLC0415 - start-up time: only for completion

    return REGIONS


def _labels() -> Iterable[str]:
    return sorted({row.bookmark.label for row in _bookmarks() if row.bookmark})


complete_profile: Final = _completer(_profiles)
complete_theme: Final = _completer(_themes)
complete_region: Final = _completer(_regions)
complete_label: Final = _completer(_labels)


def _bookmarks() -> "list[Tracked]":
    """Return the bookmarks, those in progress first; none if the store does not exist or cannot be read."""
    from hottui.model.tracking import sort_key  # noqa: PLC0415 - start-up time: only for completion

    return sorted(_quietly(_stored), key=sort_key)


def _stored() -> "Iterator[Tracked]":
    from hottui import paths  # noqa: PLC0415 - start-up time: only for completion
    from hottui.cli import wiring  # noqa: PLC0415 - as above
    from hottui.store.inspection import inspect  # noqa: PLC0415 - as above

    found = inspect(paths.store_path())
    if found.exists and found.error is None and not found.older:  # opening it would repair or migrate it
        store = wiring.open_store(lazy=True)
        try:
            yield from store.tracked()
        finally:
            store.close()


def _quietly(read: Callable[[], Iterable[T]]) -> list[T]:
    with suppress(HottuiError, OSError):
        return list(read())
    return []


def _items(offered: Iterable[tuple[str, str]]) -> "list[CompletionItem]":
    """Return what is offered: values with their descriptions, which may be empty."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - start-up time: only for completion

    from hottui.model.control_characters import visible  # noqa: PLC0415 - as above

    return [CompletionItem(value, help=visible(text) or None) for value, text in offered if _PLAIN.fullmatch(value)]
