"""The keys in effect: those of the table of commands, and those that the user has chosen instead in `[keys]`.

A choice that cannot work is reported, and the usual keys stay. Textual applies the rest: see `App.set_keymap`.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from textual.keys import Keys

from hottui.model.control_characters import shorten, visible
from hottui.tui.commands import BY_ID, COMMANDS, MOVES, Command, Scope, key_of_character, typed_character
from hottui.tui.layout import TABS

_TOGETHER: Final = (
    {Scope.TABLE, Scope.DETAIL, Scope.DASHBOARD, Scope.EVERYWHERE},
    {Scope.PLAN, Scope.DETAIL, Scope.DASHBOARD, Scope.EVERYWHERE},
    {Scope.COMPARE, Scope.PLAN, Scope.EVERYWHERE},
    {Scope.JOB, Scope.EVERYWHERE},
    {Scope.LOG, Scope.EVERYWHERE},
)
"""Scopes whose commands work at the same time, so that each needs keys of its own."""
_RESERVED: Final = {
    Scope.PLAN: frozenset({"enter", "g", "G", "H", "L", "home", "end", "pageup", "pagedown", "ctrl+u", "ctrl+d"}),
    Scope.COMPARE: MOVES | {"1", "2"},
    Scope.JOB: MOVES,
    Scope.LOG: MOVES,
}
"""Keys by scope that move the cursor or open a tab; those of the dashboard are the default."""
_RESERVED_ON_DASHBOARD: Final = MOVES | {str(number + 1) for number in range(len(TABS))}
_ALIASES: Final = {"esc": "escape", "del": "delete", "ins": "insert", "pgup": "pageup", "pgdn": "pagedown",
                   "return": "enter"}  # fmt: skip
"""Other names of keys, which the help and keyboards have."""
_SENT_AS: Final = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace"}
"""Keys for which terminals send what another key sends."""
_MODIFIERS: Final = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})
_NO_KEY: Final = "unbound"
"""The name of no key: Textual keeps a binding whose keys in the keymap are empty."""


class Keymap(NamedTuple):
    """The commands with the keys in effect, and what is wrong with the keys that were chosen."""

    commands: tuple[Command, ...] = COMMANDS
    problems: tuple[str, ...] = ()

    def keys(self, id: str) -> tuple[str, ...]:  # noqa: A002
        """Return the keys of a command."""
        return next(command.keys for command in self.commands if command.id == id)

    @property
    def bindings(self) -> dict[str, str]:
        """The keys by binding ID, as `App.set_keymap` takes them, for the commands with other keys than usual."""
        found: dict[str, str] = {}
        for command, usual in zip(self.commands, COMMANDS, strict=True):
            if command.keys != usual.keys:
                by_id: dict[str, list[str]] = {binding.id: [] for binding in usual.bindings() if binding.id}
                for key in command.keys:
                    by_id.setdefault(usual.binding_id(key), []).append(key)
                found |= {name: ",".join(keys) or _NO_KEY for name, keys in by_id.items()}
        return found


def read_keymap(chosen: Mapping[str, tuple[str, ...]]) -> Keymap:
    """Return the keymap for the keys in `chosen`, by command ID; of two that need the same key, the first gets it."""
    wanted: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for name, keys in chosen.items():
        command = BY_ID.get(name)
        if command is None:
            problems.append(f"keys.{_shown(name)} is not a command.{_nearest(name, BY_ID)}")
            continue
        wanted[name] = ()
        for key in keys:
            known = key_name(key)
            problem = f"{_shown(key)} is not a key.{_nearest(key, _known_keys())}" if known is None else ""
            problem = problem or _unusable(command, known or "")
            if problem:
                problems.append(f"keys.{name}: {problem}")
            elif known is not None and known not in wanted[name]:
                wanted[name] += (known,)
    effective = {command.id: () if command.id in wanted else command.keys for command in COMMANDS}
    for name, keys in wanted.items():
        for key in keys:
            owner = _owner(effective, name, key)
            if owner is None:
                effective[name] += (key,)
            else:
                problems.append(f"keys.{name}: {_shown(key)} is the key of {owner.id} ({owner.name}).")
    for name in wanted:
        if not effective[name]:
            effective[name] = tuple(key for key in BY_ID[name].keys if _owner(effective, name, key) is None)
            if not effective[name]:
                problems.append(f"keys.{name}: it has no key now, since its usual one is taken.")
    return Keymap(tuple(command._replace(keys=effective[command.id]) for command in COMMANDS), tuple(problems))


def key_name(text: str) -> str | None:
    """Return Textual's name of a key: a character, a name as in the help (`esc`, `^t`) or Textual's; None if unknown.

    `shift` with a letter is the capital letter.
    """
    if text.startswith("^") and len(text) > 1:
        text = f"ctrl+{text[1:]}"
    *modifiers, base = text.split("+") if len(text) > 1 and not text.endswith("+") else [text]
    modifiers = [each.strip().lower() for each in modifiers]
    if not _MODIFIERS.issuperset(modifiers):
        return None
    base = base.strip() or base
    if len(base) == 1:
        if "shift" in modifiers and base.isalpha():
            modifiers.remove("shift")
            base = base.upper()
        base = key_of_character(base.lower() if "ctrl" in modifiers else base)
    else:
        base = _ALIASES.get(base.lower(), base.lower())
        if base not in _known_keys() and typed_character(base) is None:
            return None
    return "+".join((*modifiers, base))


@cache
def _known_keys() -> frozenset[str]:
    return frozenset(key.value for key in Keys if not key.value.startswith("<"))


def _unusable(command: Command, key: str) -> str:
    """Return why `command` cannot have `key`, empty if it can."""
    if key in command.keys:
        return ""
    if key in _SENT_AS:
        return f"terminals send {_SENT_AS[key]} for {key}."
    if command.scope is Scope.EVERYWHERE:
        if typed_character(key) and command.binding_id(key) not in {each.id for each in command.bindings()}:
            return f"{_shown(key)} types a character; {command.id} works everywhere and needs another key."
        if key in {"enter", "escape", "tab", "backspace", *MOVES}:
            return f"{_shown(key)} is needed in lists and text."
    elif key in _RESERVED.get(command.scope, _RESERVED_ON_DASHBOARD):
        return f"{_shown(key)} moves the cursor or opens a tab."
    return ""


def _owner(effective: Mapping[str, tuple[str, ...]], name: str, key: str) -> Command | None:
    """Return the other command that has `key` where the command `name` works, too."""
    return next((other for other in _others(name) if key in effective[other.id]), None)


def _others(name: str) -> Iterator[Command]:
    scope = BY_ID[name].scope
    places = [scopes for scopes in _TOGETHER if scope in scopes]
    return (each for each in COMMANDS if each.id != name and any(each.scope in scopes for scopes in places))


def _shown(text: str) -> str:
    return visible(shorten(typed_character(text) or text, 40))


def _nearest(text: str, known: Mapping[str, object] | frozenset[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - needed for a mistake only

    found = get_close_matches(text, known, n=1, cutoff=0.5)
    return f" Did you mean {found[0]}?" if found else ""
