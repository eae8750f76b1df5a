"""The form that sets up a connection: it tries the connection with one call, and writes a profile to config.toml."""

from asyncio import to_thread
from dataclasses import replace
from typing import ClassVar, Final, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label

from hottui.errors import HottuiError
from hottui.model.control_characters import visible
from hottui.tui.dashboard_options import FirstRun


class _Field(NamedTuple):
    """One line of the form: the attribute of `ConnectionProfile`, its label, and what it means."""

    name: str
    label: str
    hint: str


_FIELDS: Final = (
    _Field("region", "Region", "for example cn-hangzhou, or an endpoint's URL"),
    _Field("network", "Network", "public, or vpc from inside the VPC"),
    _Field("workspace", "Workspace", "the workspace ID, for example a14bd5d90a0000"),
    _Field("namespace", "Namespace", "default-namespace"),
    _Field("credentials", "Credentials", "default, environment, or aliyun:PROFILE of the aliyun CLI"),
    _Field("name", "Profile name", "what `hottui -p` takes"),
)
_KEYS: Final = "enter: next, at last check and save · ctrl+s: only save · esc: close"


class ProfileForm(ModalScreen[None]):
    """Asks for a profile, tries it, saves it, and then restarts the dashboard with it."""

    DEFAULT_CSS = """
    ProfileForm { align: center middle; }
    ProfileForm #form { width: 90%; max-width: 90; height: auto; max-height: 100%; padding: 0 1;
        border: round $primary; background: $background; }
    ProfileForm Horizontal { height: 1; }
    ProfileForm Horizontal Label { width: 14; color: $accent; }
    ProfileForm Input { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
    ProfileForm Input:focus { border: none; }
    ProfileForm #status { width: 100%; height: auto; max-height: 4; }
    ProfileForm #keys { width: 100%; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("ctrl+j", "enter", show=False),  # Enter, until the terminal is in raw mode
        Binding("ctrl+s", "save", show=False),
    ]

    def __init__(self, first_run: FirstRun) -> None:
        super().__init__()
        self._first_run = first_run
        self._inputs = {
            field.name: Input(
                getattr(first_run.profile, field.name),
                placeholder=field.hint,
                id=field.name,
                suggester=SuggestFromList(first_run.regions) if field.name == "region" else None,
            )
            for field in _FIELDS
        }
        for each in self._inputs.values():
            each.cursor_blink = False  # a blinking cursor would write to the terminal all the time
        self._status = Label("", id="status", markup=False)
        self._busy = False

    def compose(self) -> ComposeResult:
        """Yield one line per field, the status, and the keys."""
        with Vertical(id="form") as form:
            form.border_title = "Set up a connection"
            for field in _FIELDS:
                with Horizontal():
                    yield Label(field.label, markup=False)
                    yield self._inputs[field.name]
            yield self._status
            yield Label(_KEYS, id="keys", markup=False)

    def on_screen_resume(self) -> None:
        """Focus the first field without a value."""
        empty = (each for each in self._inputs.values() if not each.value)
        next(empty, self._inputs["region"]).focus()

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_enter()

    def action_enter(self) -> None:
        """Go to the next field; on the last one, check and save."""
        fields = list(self._inputs.values())
        at = next((n for n, each in enumerate(fields) if each.has_focus), len(fields) - 1)
        if at + 1 < len(fields):
            fields[at + 1].focus()
        else:
            self._begin(check=True)

    def action_save(self) -> None:
        """Save without a check."""
        self._begin(check=False)

    def action_leave(self) -> None:
        """Close; nothing is saved."""
        self.dismiss(None)

    def _begin(self, *, check: bool) -> None:
        if self._busy:
            return
        self._busy = True
        self._status.update("Checking with one call…" if check else "Saving…")
        self.app.run_worker(self._finish(check=check))  # of the app, so that keys do not wait for it

    async def _finish(self, *, check: bool) -> None:
        values = {name: each.value.strip() for name, each in self._inputs.items()}
        profile = replace(self._first_run.profile, **values)
        try:
            if check:
                await self._first_run.check(profile)
            if not self.is_current:  # closed meanwhile
                return
            await to_thread(self._first_run.save, profile)
        except HottuiError as error:
            self._status.update(visible(f"{error.message} {error.hint}".strip()))
            return
        finally:
            self._busy = False
        self._first_run.restart(("-p", profile.name))
        self.app.exit(0)
