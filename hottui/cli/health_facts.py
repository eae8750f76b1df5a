"""The facts that `hottui doctor` checks: files, credentials, the service and the terminal. Nothing is changed."""

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hottui import paths
from hottui.cli import wiring
from hottui.cli.health_checks import CredentialsFacts, FileFacts, TerminalFacts
from hottui.config.settings import Context, Settings
from hottui.errors import HottuiError
from hottui.files import check_writable
from hottui.runtime import tmux
from hottui.runtime.shutdown import run_until_signal
from hottui.runtime.terminal_check import needs_ascii

if TYPE_CHECKING:
    from hottui.service.call_probe import Probe

_CLI_FILE: Final = Path("~/.aliyun/config.json")


def files() -> list[FileFacts]:
    """Return the user's files, apart from the store."""
    return [
        _file("config", paths.config_path()),
        _file("user themes", paths.user_themes_dir()),
        _file("crash reports", paths.state_dir(), written=True),
        _file("aliyun CLI", _CLI_FILE.expanduser(), secret=True),
    ]


def _file(name: str, path: Path, *, secret: bool = False, written: bool = False) -> FileFacts:
    """Return what is known of a file, or of a folder; one that is `written` to must take a file, or its parent."""
    try:
        if written:
            check_writable(path)
    except OSError as error:
        return FileFacts(name, path, error=f"cannot be written ({error.strerror or 'unknown error'})")
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return FileFacts(name, path)
    except OSError as error:
        return FileFacts(name, path, error=f"is not accessible ({error.strerror or 'unknown error'})")
    return FileFacts(name, path, mode, "" if os.access(path, os.R_OK) else "cannot be read", secret)


def credentials(settings: Settings, timeout: float) -> CredentialsFacts:
    """Return where the access key comes from, within `timeout` seconds."""
    return run_until_signal(_credentials(settings.credentials.value, timeout))


async def _credentials(name: str, seconds: float) -> CredentialsFacts:
    from hottui.service.credentials import check_credentials, source_for  # noqa: PLC0415 - start-up time: pydantic, after the lines on files

    try:
        source = source_for(name)
        name = source.name
        async with asyncio.timeout(seconds):
            found = check_credentials(await source.get())
    except TimeoutError:
        return CredentialsFacts(name, HottuiError(f"no answer within {seconds:g} s.", "Check the network."))
    except HottuiError as error:
        return CredentialsFacts(name, error)
    return CredentialsFacts(name, None, found.security_token is not None, found.expires)


def calls(settings: Settings, context: Context, timeout: float) -> "tuple[Probe, ...]":
    """Return the outcome of each call that hottui makes, within `timeout` seconds; of one if there is no response."""
    return run_until_signal(_calls(settings, context, timeout))


async def _calls(settings: Settings, context: Context, seconds: float) -> "tuple[Probe, ...]":
    from hottui.service.call_probe import probe  # noqa: PLC0415 - start-up time: httpx, after the lines on files
    from hottui.service.operations import GET_RESULT, JOB_OPERATIONS  # noqa: PLC0415 - as above

    end = time.monotonic() + seconds
    async with wiring.client(settings, context) as client:
        first = await probe(client, GET_RESULT, context, seconds)
        if not first.answered or not settings.insight.value:
            return (first,)
        left = max(end - time.monotonic(), 0.1)
        return first, *await asyncio.gather(*(probe(client, each, context, left) for each in JOB_OPERATIONS))


def terminal() -> TerminalFacts:
    """Return the terminal that any of the standard streams is connected to."""
    return TerminalFacts(
        _size(),
        needs_ascii(sys.stdout),
        os.environ,
        tmux_clipboard=tmux.ask_tmux("show-options", "-sqv", "set-clipboard"),
        tmux_passthrough=tmux.ask_tmux("show-options", "-pAqv", "allow-passthrough"),
        tmux_client=tmux.client_terminal(),
    )


def _size() -> tuple[int, int] | None:
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            if stream is not None and stream.isatty():
                columns, rows = os.get_terminal_size(stream.fileno())
                return columns, rows
        except (OSError, ValueError):  # closed
            continue
    return None
