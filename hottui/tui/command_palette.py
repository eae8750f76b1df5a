"""The command palette: searches the table of commands by name, and the hot updates by label, job and ID."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widget import Widget

from hottui.model.control_characters import shorten, visible
from hottui.model.tracking import Tracked
from hottui.render.glyphs import state_word
from hottui.tui.appearance import Appearance
from hottui.tui.commands import COMMANDS, Command, Scope
from hottui.tui.screens import app_actions
from hottui.tui.screens.resizing import drop_outdated

if TYPE_CHECKING:
    from hottui.tui.screens.dashboard import Dashboard

_LEAST: Final = 2
"""Characters from which hot updates are searched."""
_MOST: Final = 20
"""Hot updates that are listed."""


class CommandProvider(Provider):
    """Commands that work where the palette was opened, each with its keys: on a screen without commands of its own,
    those that work everywhere."""

    async def discover(self) -> Hits:
        """Yield all available commands, in the order of the help."""
        for command, place in self._available():
            yield DiscoveryHit(
                _with_keys(Content(command.name), command), _run(place, command), command.name, command.help
            )

    async def search(self, query: str) -> Hits:
        """Yield commands whose name or key matches `query`."""
        matcher = self.matcher(query)
        for command, place in self._available():
            score = 1.0 if query in command.keys else matcher.match(command.name)
            if score > 0:
                display = _with_keys(matcher.highlight(command.name), command)
                yield Hit(score, display, _run(place, command), command.name, command.help)

    @property
    def _commands(self) -> tuple[Command, ...]:
        """The commands with the keys in effect."""
        appearance = getattr(self.app, "appearance", None)
        return appearance.commands if isinstance(appearance, Appearance) else COMMANDS

    def _available(self) -> Iterator[tuple[Command, Widget | App[Any]]]:
        """Yield available commands, each with the app or the nearest ancestor of the focused widget with its action."""
        is_available = getattr(self.screen, "is_available", _works_everywhere)
        around = [node for node in (self.focused or self.screen).ancestors_with_self if isinstance(node, Widget)]
        for command in self._commands:
            places = (self.app,) if _works_everywhere(command) else around
            place = next((node for node in places if hasattr(node, f"action_{command.action}")), None)
            if place is not None and command.id != "command-palette" and is_available(command):
                yield command, place


class HotUpdateProvider(Provider):
    """Hot updates, if the palette was opened on the dashboard: choosing one moves the cursor to it."""

    async def search(self, query: str) -> Hits:
        """Yield hot updates in whose label, job or ID all words of `query` occur, the whole query first."""
        from hottui.tui.screens.dashboard import Dashboard  # noqa: PLC0415 - imported by the app, not by the palette

        words = query.casefold().split()
        if not isinstance(self.screen, Dashboard) or len("".join(words)) < _LEAST:
            return
        found = 0
        for row in self.screen.tracked:
            texts = tuple(filter(None, (row.label, row.job, row.ref.id)))
            whole = "\n".join(texts).casefold()
            if all(word in whole for word in words):
                first = any(text.casefold().startswith(" ".join(words)) for text in texts)
                yield _hit(0.6 if first else 0.4, self.screen, row, texts)
                found += 1
                if found == _MOST:
                    return


def _hit(score: float, screen: "Dashboard", row: Tracked, texts: tuple[str, ...]) -> Hit:
    name, *others = map(visible, texts)
    display = Content.assemble(name, ("  " + "  ".join(others), "$text-muted"))
    change = row.summary.change if row.summary else ""
    about = "  ".join(filter(None, ("Go to this hot update:", state_word(row), change)))
    return Hit(score, display, partial(app_actions.go_to_row, screen, row.ref), name, visible(shorten(about, 200)))


def _works_everywhere(command: Command) -> bool:
    return command.scope is Scope.EVERYWHERE


def _run(place: Widget | App[Any], command: Command) -> partial[Coroutine[Any, Any, object]]:
    run_action: Callable[[str], Coroutine[Any, Any, object]] = place.run_action
    return partial(run_action, command.action)


def _with_keys(name: Content, command: Command) -> Content:
    return Content.assemble(name, ("  " + command.shown_keys, "$text-muted"))


class Palette(CommandPalette):
    """Textual's palette with page keys that are safe on an empty list.

    While the list is not laid out, or does not fit on the screen, Textual's own page actions raise KeyError.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "Next page", show=False),
        Binding("pageup", "page(-1)", "Previous page", show=False),
    ]

    def on_resize(self, event: events.Resize) -> None:
        """Ignore an outdated size."""
        drop_outdated(self, event)

    def action_page(self, direction: int) -> None:
        """Move the highlight by one page."""
        commands = self.query_one(CommandList)
        with suppress(KeyError):  # none of its options is laid out
            if direction > 0:
                commands.action_page_down()  # type: ignore[no-untyped-call]  # untyped in Textual
            else:
                commands.action_page_up()  # type: ignore[no-untyped-call]
