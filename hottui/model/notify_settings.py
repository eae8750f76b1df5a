"""The settings of notifications: `[notify]` in `config.toml`."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, INIT

SLOW: Final = "slow"
"""Stands for an update in progress that takes longer than usual; the other events are states."""
EVENTS: Final = (INIT, HOT_UPDATING, HOT_UPDATED, FAILED, SLOW)
"""What can be notified."""
DEFAULT_EVENTS: Final = (FAILED, HOT_UPDATED)

AUTO: Final = "auto"
OFF: Final = "off"
OSC_9: Final = "osc9"
OSC_99: Final = "osc99"
OSC_777: Final = "osc777"
DESKTOP: Final = (AUTO, OFF, OSC_9, OSC_99, OSC_777)
"""How a desktop notification is sent: with the sequence that the terminal accepts, with none, or with this one."""


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """Which events are notified, and how. By default in no way."""

    on: tuple[str, ...] = DEFAULT_EVENTS
    bell: bool = False
    desktop: str = OFF
    command: tuple[str, ...] = ()
    """A program and its arguments, run without a shell; empty for none."""

    @property
    def is_active(self) -> bool:
        """Whether anything is notified in any way."""
        return bool(self.on) and (self.bell or self.desktop != OFF or bool(self.command))

    @property
    def text(self) -> str:
        """The settings in one line: `bell, desktop (auto), command (to-chat) on FAILED`, or `off`."""
        ways = ["bell"] if self.bell else []
        ways += [f"desktop ({self.desktop})"] if self.desktop != OFF else []
        ways += [f"command ({PurePath(self.command[0]).name})"] if self.command else []
        return f"{', '.join(ways)} on {', '.join(self.on)}" if self.is_active else "off"


QUIET: Final = NotifySettings()
"""The default: nothing is notified in any way."""
