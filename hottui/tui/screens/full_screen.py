"""What the screens that fill the terminal share: a footer for messages and key hints, and a prompt in place of it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from textual.screen import Screen, ScreenResultType

from hottui.render.glyphs import key_names
from hottui.tui.alarm import Alarm
from hottui.tui.appearance import Appearance
from hottui.tui.commands import BY_ID, Command, Scope
from hottui.tui.hints import USUAL, Words, hints_for
from hottui.tui.widgets.header_footer import Footer

if TYPE_CHECKING:
    from hottui.tui.widgets.prompt import Answered, Prompt


class FooterState(NamedTuple):
    """Which keys the footer shows, those of `scopes`, the first first; filter, order, what is marked, other words."""

    scopes: tuple[Scope, ...]
    filtered: str = ""
    marked: str = ""
    sorted: str = ""
    words: Words = USUAL


class FullScreen(Screen[ScreenResultType]):
    """A screen with the footer as its last line; subclasses yield it."""

    DEFAULT_CSS = """
    FullScreen { layout: vertical; overflow: hidden; background: $background; }
    FullScreen.-asking #foot { display: none; }
    """

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.appearance = appearance
        self._footer = Footer(appearance, id="foot")
        self._message_alarm = Alarm(self, appearance.clock, self.expire_message)
        self._prompt: Prompt | None = None

    @property
    def footer_state(self) -> FooterState:
        """What the footer shows while there is no message."""
        raise NotImplementedError

    def is_available(self, command: Command) -> bool:
        """Return whether `command` works in the current state."""
        raise NotImplementedError

    def show_message(self, text: str, style: str = "bar") -> None:
        """Show `text` in the footer for a few seconds, or in a notification if it is too long for a line."""
        self._footer.show_message(text, style)
        self._expire_later()

    def refresh_footer(self) -> None:
        """Show the filter and the keys that work here, unless a message is shown."""
        if self._prompt is not None:
            self._prompt.refresh_status()
        scopes, filtered, marked, order, words = self.footer_state
        hints = hints_for(*scopes, is_available=self.is_available, words=words, commands=self.appearance.commands)
        hints = [(key_names(key, self.appearance.glyphs), word) for key, word in hints]
        if marked:
            hints.sort(key=lambda hint: hint[1] != BY_ID["compare"].hint)  # the next step: it must fit
        self._footer.show_hints(hints, filtered, marked, order)

    def on_keys_changed(self) -> None:
        """Show the keys that work now."""
        self.refresh_footer()

    def expire_message(self) -> None:
        """Show the keys instead of a message once its time is over."""
        self._footer.expire_message()
        self.refresh_footer()
        self._expire_later()

    def _expire_later(self) -> None:
        self._message_alarm.within(self._footer.message_seconds_left)

    def open_prompt(
        self,
        title: str,
        value: str,
        done: "Answered",
        changed: Callable[[str], None] | None = None,
        *,
        hint: str = "",
        status: Callable[[], str] | None = None,
    ) -> None:
        """Ask in place of the footer; `done` is called with the answer, or None, after the focus has returned.

        Typing replaces `value`. `status` returns the text at the right end of the line.
        """
        if self.has_class("-asking"):
            return
        if self._prompt is None:
            from hottui.tui.widgets.prompt import Prompt  # noqa: PLC0415 - the widget's import is off the start-up path

            self._prompt = Prompt()
            self.mount(self._prompt)
        focused = self.focused
        self.add_class("-asking")

        def answered(text: str | None) -> Awaitable[None] | None:
            self.remove_class("-asking")
            self.set_focus(focused)  # at once: `done` may ask again, and must find the focus there
            return done(text)

        self._prompt.ask(title, value, answered, changed, hint=hint, status=status)
