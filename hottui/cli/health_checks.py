"""The checks of `hottui doctor`: pure functions from facts to checks."""

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Final

from hottui.errors import HottuiError
from hottui.model.notify_settings import AUTO, OFF, NotifySettings
from hottui.model.times import duration
from hottui.runtime.desktop_notification import accepted_sequence
from hottui.runtime.terminal_check import CANNOT_DRAW, claims_too_many_colors

if TYPE_CHECKING:
    from hottui.service.call_probe import Probe
    from hottui.store.inspection import StoreCondition

_CLOCK_TOLERANCE: Final = 60.0
"""Seconds by which a clock may be off without a remark; the service accepts 15 minutes."""
_SMALLEST: Final = (60, 12)
"""Columns and rows below which the dashboard shows less than it could."""


class Status(StrEnum):
    """The verdict of one check, the worst last."""

    OK = "ok"
    LOOK = "look"
    """Works, but not as well as it could, or could not be checked."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was checked, the verdict, what was found, and what to do (empty when nothing is)."""

    name: str
    status: Status
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file or folder. `mode` is None where there is none; `error` is what is wrong with it ("cannot be read")."""

    name: str
    path: Path
    mode: int | None = None
    error: str = ""
    secret: bool = False
    """Whether it holds access keys."""


@dataclass(frozen=True, slots=True)
class CredentialsFacts:
    """Where credentials come from. `error` is why there are none; `expires` is in seconds since the epoch."""

    source: str
    error: HottuiError | None = None
    temporary: bool = False
    expires: float | None = None


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """The terminal, by its environment. `size` is None without a terminal; `ascii_only` whether it lacks glyphs."""

    size: tuple[int, int] | None
    ascii_only: bool
    environment: Mapping[str, str]
    tmux_clipboard: str = ""
    """The option `set-clipboard` of the surrounding tmux; empty if unknown."""
    tmux_passthrough: str = ""
    """The option `allow-passthrough`; empty if unknown, or in versions without it, which pass everything."""
    tmux_client: str = ""
    """What tmux knows of the terminal around it."""


def failed(name: str, error: HottuiError, advice: str = "") -> Check:
    """Return the check for an error that keeps hottui from working; `advice` is for errors without a hint."""
    return Check(name, Status.BROKEN, error.message, error.hint or advice)


def file_check(facts: FileFacts) -> Check:
    """Return what other users may do with a file, and whether this one can use it."""
    shown = str(facts.path)
    if facts.error:
        advice = "Check its owner and mode, and the space on its disk."
        return Check(facts.name, Status.BROKEN, f"{shown} {facts.error}", advice)
    if facts.mode is None:
        return Check(facts.name, Status.OK, f"{shown} (does not exist)")
    mode = stat.S_IMODE(facts.mode)
    found = f"{shown} (mode {mode:04o})"
    if facts.secret and mode & 0o077:
        return Check(facts.name, Status.LOOK, found, f"Other users may read the credentials. Run: chmod 600 {shown}")
    if mode & 0o022 and not mode & stat.S_ISVTX:
        return Check(facts.name, Status.LOOK, found, f"Other users may change it: chmod go-w {shown}")
    return Check(facts.name, Status.OK, found)


def credentials_check(facts: CredentialsFacts, now: float) -> Check:
    """Return where the access key comes from, and whether it is still valid."""
    if facts.error is not None:
        return Check("access key", Status.BROKEN, f"{facts.source}: {facts.error.message}", facts.error.hint)
    kind = "temporary key" if facts.temporary else "key"
    if facts.expires is None:
        return Check("access key", Status.OK, f"{facts.source}: {kind} found")
    left = facts.expires - now
    if left <= 0:
        expired = f"{facts.source}: {kind} expired {duration(-left)} ago"
        return Check("access key", Status.BROKEN, expired, "Renew it at its source.")
    return Check("access key", Status.OK, f"{facts.source}: {kind} found, valid for {duration(left)}")


def service_checks(host: str, probes: Sequence["Probe"], insight: bool) -> Iterator[Check]:
    """Yield the checks of endpoint, clock and permissions. The first of `probes` is the call that hottui needs."""
    from hottui.service.errors import CredentialsError, SignatureRefused, Unreachable, Unreadable  # noqa: PLC0415 - start-up time: as in `hottui.cli.doctor`

    first, *others = probes
    if isinstance(first.error, Unreachable | Unreadable) or not first.answered:
        if first.error is not None:
            yield failed("service", first.error)
        yield Check("permissions", Status.LOOK, "not checked: the service was not reached")
        return
    yield Check("service", Status.OK, f"{host} answered")
    yield clock_check(next((each.offset for each in probes if each.offset is not None), None))
    if isinstance(first.error, CredentialsError | SignatureRefused):
        yield failed("signature", first.error)
        yield Check("permissions", Status.LOOK, "not checked: the service does not accept the access key")
        return
    yield permission_check(first, needed=True)
    if not insight:
        yield Check("permissions", Status.OK, "others not checked: insight is off")
        return
    yield from (permission_check(each, needed=False) for each in others)


def clock_check(offset: float | None) -> Check:
    """Return how far this machine's clock is from the service's."""
    if offset is None:
        return Check("clock", Status.LOOK, "unknown: the service sent no date")
    away = f"{duration(abs(offset))} {'behind' if offset > 0 else 'ahead of'} the service's"
    if abs(offset) < _CLOCK_TOLERANCE:
        return Check("clock", Status.OK, f"{abs(offset):.0f} s from the service's")
    return Check("clock", Status.LOOK, away, "hottui corrects for it; set the clock, for example with NTP.")


def permission_check(probe: "Probe", *, needed: bool) -> Check:
    """Return whether a call is permitted; a call that is not `needed` is missed, but nothing is broken."""
    from hottui.service.errors import PermissionDenied, Throttled  # noqa: PLC0415 - start-up time: as above

    name, error = probe.operation.action, probe.error
    if error is None:
        return Check(name, Status.OK, "permitted")
    if isinstance(error, PermissionDenied):
        advice = f"Grant {probe.operation.permission}, or attach AliyunStreamReadOnlyAccess."
        if needed:
            return Check(name, Status.BROKEN, f"not permitted: {error.message}", advice)
        return Check(name, Status.LOOK, f"not permitted: hottui shows less about {probe.operation.reads}", advice)
    status = Status.BROKEN if needed and not isinstance(error, Throttled) else Status.LOOK
    return Check(name, status, f"could not be checked: {error.message}", error.hint)


def store_checks(store: "StoreCondition") -> Iterator[Check]:
    """Yield the checks of the store's file."""
    shown = str(store.path)
    if store.error is not None:
        yield failed("store", store.error)
    elif not store.exists:
        yield Check("store", Status.OK, f"{shown} (does not exist: created by the first bookmark)")
    else:
        count = f"{store.bookmarks:,} bookmark{'' if store.bookmarks == 1 else 's'}"
        older = ", upgraded at the next start" if store.older else ""
        if store.mode & 0o077 and not store.mode & stat.S_ISVTX:
            found = f"{shown}, {count}, accessible to other users (mode {store.mode:04o})"
            yield Check("store", Status.LOOK, found, "The next start of the dashboard restricts it.")
        else:
            yield Check("store", Status.OK, f"{shown}, {count}{older}")
    if not store.local:
        yield Check(
            "store disk", Status.LOOK, "a network file system", "Set XDG_DATA_HOME to a local folder if it is slow."
        )
    if store.set_aside:
        found = f"{len(store.set_aside)} damaged, renamed earlier: {store.set_aside[-1]}"
        yield Check("old stores", Status.LOOK, found, "Delete them once no bookmark is missing.")


def terminal_checks(facts: TerminalFacts) -> Iterator[Check]:
    """Yield the checks of size, type, colours, glyphs, multiplexer, clipboard and mouse."""
    environment = facts.environment
    if facts.size is None:
        yield Check("terminal", Status.OK, "none: hottui prints its table once")
        return
    columns, rows = facts.size
    small = columns < _SMALLEST[0] or rows < _SMALLEST[1]
    advice = (
        f"Below {_SMALLEST[0]} columns EFFECT is hidden, below {_SMALLEST[1]} rows the footer: enlarge it."
        if small
        else ""
    )
    yield Check("size", Status.LOOK if small else Status.OK, f"{columns}x{rows}", advice)
    term = environment.get("TERM", "")
    if term in CANNOT_DRAW:
        yield Check("terminal", Status.LOOK, f"TERM={term or 'not set'}: no dashboard", "export TERM=xterm-256color")
    else:
        yield Check("terminal", Status.OK, f"TERM={term}")
    yield _colors(environment, term)
    if facts.ascii_only:
        advice = "Set LANG to a UTF-8 locale, for example C.UTF-8, in a terminal that has the glyphs."
        yield Check("UTF-8", Status.LOOK, "no: ASCII is used", advice)
    else:
        yield Check("UTF-8", Status.OK, "yes")
    yield from _multiplexer(facts)


def notify_check(settings: NotifySettings, facts: TerminalFacts) -> Check:
    """Return how the user is notified, and whether a desktop notification can be shown."""
    if not settings.is_active:
        return Check("notifications", Status.OK, "off, apart from the window title")
    found = settings.text
    if settings.command and which(settings.command[0]) is None:
        return Check(
            "notifications", Status.BROKEN, found, f"{settings.command[0]} does not exist or is not executable."
        )
    if settings.desktop == OFF:
        return Check("notifications", Status.OK, found)
    accepted = settings.desktop
    if settings.desktop == AUTO:
        accepted = accepted_sequence(facts.environment, facts.tmux_client)
        found = found.replace(f"({AUTO})", f"({AUTO}: {accepted or 'none'})")
    if not accepted:
        advice = 'This terminal is not known to show any on the desktop: try desktop = "osc9", or bell = true.'
    elif facts.environment.get("TMUX") and facts.tmux_passthrough == "off":
        advice = "tmux does not pass them on: tmux set -g allow-passthrough on"
    else:
        advice = ""
    return Check("notifications", Status.LOOK if advice else Status.OK, found, advice)


def _colors(environment: Mapping[str, str], term: str) -> Check:
    if environment.get("NO_COLOR"):
        return Check("colours", Status.OK, "none: NO_COLOR is set")
    if environment.get("COLORTERM") in {"truecolor", "24bit"} and not claims_too_many_colors(environment):
        return Check("colours", Status.OK, "24-bit")
    if "256color" in term:
        return Check("colours", Status.OK, "256")
    return Check("colours", Status.LOOK, "16", "If the terminal has more: export COLORTERM=truecolor")


def _multiplexer(facts: TerminalFacts) -> Iterator[Check]:
    environment = facts.environment
    if environment.get("TMUX"):
        yield Check("multiplexer", Status.OK, "tmux")
        if facts.tmux_clipboard == "off":
            yield Check("clipboard", Status.LOOK, "tmux: set-clipboard is off", "tmux set -s set-clipboard on")
        else:
            yield Check("clipboard", Status.OK, f"through tmux (set-clipboard {facts.tmux_clipboard or 'unknown'})")
        yield Check("mouse", Status.OK, "through tmux")
    elif environment.get("STY"):
        yield Check("multiplexer", Status.OK, "GNU screen")
        yield Check("clipboard", Status.OK, "OSC 52 through GNU screen, if the terminal accepts it")
        yield Check("mouse", Status.LOOK, "partly supported by GNU screen", "Use the keys, or tmux.")
    elif environment.get("TERM", "").startswith("linux"):
        yield Check(
            "clipboard", Status.LOOK, "not available on a console", "hottui get ID -o json prints what y would copy."
        )
        yield Check("mouse", Status.LOOK, "not available on a console", "Use the keys.")
    else:
        yield Check("multiplexer", Status.OK, "none")
        yield Check("clipboard", Status.OK, "OSC 52, if the terminal accepts it")
        yield Check("mouse", Status.OK, "yes, if the terminal sends it")
