"""The key hints of the footer: which commands it names, and by which word in the current state."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from hottui.tui.commands import BY_ID, COMMANDS, Command, Scope

Words = Mapping[str, str]
"""Command ID → its word in the current state, instead of its usual hint; an empty one is left out."""
USUAL: Final[Words] = MappingProxyType({})


def hints_for(
    *scopes: Scope,
    is_available: Callable[[Command], bool] = bool,
    words: Words = USUAL,
    commands: tuple[Command, ...] = COMMANDS,
) -> list[tuple[str, str]]:
    """Return key and word of the commands shown in the footer, those of the first scope first.

    Those that work everywhere are among those of the last scope, in the order of the table.
    """
    groups = (*({scope} for scope in scopes[:-1]), {scopes[-1], Scope.EVERYWHERE})
    found = [(c, words.get(c.id, c.hint)) for group in groups for c in commands if c.scope in group]
    return [_hint(command, word) for command, word in found if word and command.keys and is_available(command)]


def _hint(command: Command, word: str) -> tuple[str, str]:
    keys, _, rest = word.partition(" ")
    if "/" not in keys:
        return command.first_key, word
    return (keys if command.keys == BY_ID[command.id].keys else command.first_key), rest


def dashboard_words(
    *, paused: bool, first_run: bool, marked: bool, filtered: bool, can_undo: bool, zoomed: bool
) -> Words:
    """Return the words for a state of the dashboard.

    `first_run`: nothing is configured, and adding opens the form for a connection; `marked` and `filtered`: what
    escape clears, in this order; `can_undo`: something was removed or labelled in this session.
    """
    words = {
        "add": "" if first_run else None,
        "undo": "undo" if can_undo else None,
        "close": "unmark" if marked else "clear filter" if filtered else None,
        "zoom": "unzoom" if zoomed else None,
        "pause": "resume" if paused else None,
    }
    return {name: word for name, word in words.items() if word is not None}


def plan_words(*, tables: bool, operators: bool, tracing: bool) -> Words:
    """Return the words for a state of the plan."""
    words = {
        "plan-table": "graph" if tables else None,
        "plan-level": "vertices" if operators else None,
        "plan-trace": "untrace" if tracing else None,
    }
    return {name: word for name, word in words.items() if word is not None}
