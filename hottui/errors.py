"""The base class of every error that hottui reports to the user, and the exit codes of the `hottui` command.

    HottuiError
    ├── ServiceError                        hottui.service.errors: reading from the service
    ├── InvalidEndpoint                     hottui.service.endpoints
    ├── ProfileUnusable, ProcessFailed      hottui.service: where credentials come from
    ├── StoreError                          hottui.store.errors: the SQLite file
    ├── SettingsError                       hottui.config.settings
    ├── TomlError                           hottui.config.toml_reader
    ├── InvalidName                         hottui.model.ref
    ├── UnreadableAnswer, UnreadableJson    hottui.model.answer, hottui.model.json_text
    ├── CannotServe                         hottui.demo.server
    ├── ThemeError, TooLong                 hottui.tui.themes, hottui.tui.terminal.clipboard
    └── CommandError                        hottui.cli.output

Each subclass sets `exit_code`; `hottui.cli.run_command` prints the message and the hint and exits with that code.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the `hottui` command, as documented in the README. With several IDs, the largest one is used."""

    OK = 0
    INTERNAL = 1
    """An unexpected exception in hottui."""
    FAILED = 1
    """A hot update failed, settings differ, or doctor found something broken. An alias of INTERNAL."""
    USAGE = 2
    DENIED = 3
    """Credentials, signature or permission."""
    NOT_FOUND = 4
    UNAVAILABLE = 5
    UNREADABLE = 6
    TIMED_OUT = 124
    """As the command `timeout`."""
    INTERRUPTED = 130


class HottuiError(Exception):
    """Base class: `message` is what is wrong, `hint` what to do about it (may be empty)."""

    exit_code: int = ExitCode.UNAVAILABLE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
