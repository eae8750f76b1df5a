"""The log file of `--log FILE`: runs, transitions, failed reads and paused accounts, with times and without secrets."""

import errno
import fcntl
import logging
import os
import stat
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from hottui.model.control_characters import shorten, visible
from hottui.model.masking.messages import redact, secrets_in

if TYPE_CHECKING:
    from hottui.model.ref import Ref
    from hottui.model.tracking import Transition, Trouble
    from hottui.monitor.snapshot import Snapshot


MOST_BYTES: Final = 10_000_000
"""Maximum size of one file; a line that does not fit goes to the next."""
FILES: Final = 3
"""Number of files, including the current one: `NAME`, `NAME.1` and, the oldest, `NAME.2`."""
_LONGEST_LINE: Final = 10_000
"""In characters."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a read failed. `advice` may contain the request ID, which differs each time, so it is not compared."""

    message: str
    advice: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class _Line(logging.Formatter):
    """Format a record as one line: UTC time, level and message, redacted, control characters replaced."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)-7s %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime
        self._secrets = secrets_in(os.environ)

    def format(self, record: logging.LogRecord) -> str:
        return shorten(visible(redact(super().format(record), self._secrets)), _LONGEST_LINE)


class _File(logging.Handler):
    """Write lines to a rotated file, a pipe or a device.

    Several processes may write to the same file. When lines are lost, `trouble` has the reason: `logging` itself would
    print a traceback over the dashboard.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.trouble = ""
        self._descriptor = _open(path)
        self._path = path.resolve() if self.is_regular else path  # rotation renames the file, not a link to it

    @property
    def is_regular(self) -> bool:
        """Return whether it is a regular file, which can be rotated and made private."""
        return stat.S_ISREG(os.fstat(self._descriptor).st_mode)

    def restrict(self) -> int:
        """Make the file private, regardless of the umask; return its previous mode."""
        mode = stat.S_IMODE(os.fstat(self._descriptor).st_mode)
        os.fchmod(self._descriptor, 0o600)
        return mode

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, after rotating the file if necessary."""
        line = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
        try:
            if self.is_regular:
                self._rotate_if_full(len(line))
            while line:
                line = line[os.write(self._descriptor, line) :]
        except OSError as error:
            self.trouble = self.trouble or error.strerror or str(error)

    def close(self) -> None:
        """Close the file."""
        super().close()
        try:
            os.close(self._descriptor)
        except OSError as error:
            self.trouble = self.trouble or error.strerror or str(error)

    def _rotate_if_full(self, size: int) -> None:
        """Rotate the file if a line of `size` bytes does not fit; reopen it if another process rotated it."""
        if not self._is_current():  # rotated by another process, or removed
            self._reopen()
        found = os.fstat(self._descriptor).st_size
        if found == 0 or found + size <= MOST_BYTES:
            return
        try:
            # All processes that write to this file lock the same file; the second one finds it renamed.
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # another process is rotating it
        except OSError:
            pass  # the file system has no locks
        if self._is_current():
            try:
                for number in range(FILES - 1, 0, -1):
                    older = self._rotated(number - 1)
                    if number == 1 or os.path.lexists(older):
                        older.replace(self._rotated(number))
            except OSError as error:
                os.ftruncate(self._descriptor, 0)  # the latest lines matter more, and the size limit holds
                self.trouble = self.trouble or f"it cannot be rotated ({error.strerror}), so older lines were dropped"
                return
        self._reopen()

    def _rotated(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}") if number else self._path

    def _is_current(self) -> bool:
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._descriptor))
        except OSError:
            return False

    def _reopen(self) -> None:
        descriptor = _open(self._path)
        os.close(self._descriptor)  # releases its lock
        self._descriptor = descriptor
        if self.is_regular:
            self.restrict()


def _open(path: Path) -> int:
    """Open `path` for appending without blocking. Raises OSError."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    try:
        return os.open(path, flags, 0o600)
    except OSError as error:
        if error.errno == errno.ENXIO and path.is_fifo():
            raise OSError(errno.ENXIO, "no process reads from this pipe", str(path)) from None
        raise


class Log:
    """Log what changes in the monitor. Raises OSError if `path` cannot be opened for writing.

    The file is readable only by this user, regardless of the umask, and rotated at `MOST_BYTES`. `notice` is a message
    if it was readable by others before.
    """

    def __init__(self, path: Path) -> None:
        self.notice = ""
        self._handler = _File(path)
        if self._handler.is_regular:
            mode = self._handler.restrict()
            if mode & 0o077:
                self.notice = f"{path} was readable by others (mode {mode:03o}); it is private now."
        self._path = path
        self._handler.setFormatter(_Line())
        self._logger = logging.Logger("hottui", logging.INFO)  # not in the logger hierarchy: no records of libraries
        self._logger.addHandler(self._handler)
        self._failing: dict[Ref, _Reason] = {}
        self._paused_accounts: dict[str, str] = {}
        self._store_error = ""
        self._paused = False

    @property
    def trouble(self) -> str:
        """Return why lines were lost, as a message; empty if none were."""
        reason = self._handler.trouble
        return f"The log {self._path} is incomplete: {reason}." if reason else ""

    def started(self, version: str, tracked: int, where: str) -> None:
        """Log the start of a run."""
        self._logger.info("hottui %s started, process %d: %d tracked, %s", version, os.getpid(), tracked, where)

    def error(self, message: str) -> None:
        """Log an internal error."""
        self._logger.error("%s", message)

    def note(self, message: str) -> None:
        """Log a line."""
        self._logger.info("%s", message)

    def ended(self, code: int, error: str = "") -> None:
        """Log the end of a run, and close the file."""
        if error:
            self.error(error)
        self._logger.info("hottui ended, process %d, exit code %d", os.getpid(), code)
        self._handler.close()

    def transition(self, transition: "Transition") -> None:
        """Log a transition."""
        self._logger.info("%s: %s -> %s", transition.ref.id, transition.previous or "first seen", transition.state)

    def snapshot(self, snapshot: "Snapshot") -> None:
        """Log failing reads, paused accounts and store errors, each when it begins, changes or ends."""
        loop = snapshot.loop
        failing = {t.ref: _reason(t.trouble) for t in snapshot.tracked if t.trouble}
        _compare(self._failing, failing, self._read_failed, lambda ref: self._logger.info("%s: read succeeded", ref.id))
        paused = {hold.account: f"{hold.message} {hold.hint}".strip() for hold in loop.holds}
        _compare(
            self._paused_accounts,
            paused,
            self._account_paused,
            lambda account: self._logger.info("%s: resumed", account),
        )
        self._failing, self._paused_accounts = failing, paused
        store = f"{loop.trouble.message} {loop.trouble.hint}".strip() if loop.trouble else ""
        if store != self._store_error:
            self._logger.log(logging.WARNING if store else logging.INFO, "store: %s", store or "saving works again")
        if loop.paused != self._paused:
            self._logger.info("polling paused" if loop.paused else "polling resumed")
        self._store_error, self._paused = store, loop.paused

    def _read_failed(self, ref: "Ref", reason: _Reason) -> None:
        self._logger.warning("%s: read failed: %s", ref.id, reason)

    def _account_paused(self, account: str, reason: str) -> None:
        self._logger.warning("%s: paused: %s", account, reason)

    def _account_resumed(self, account: str) -> None:
        self._logger.info("%s: resumed", account)


def _reason(trouble: "Trouble") -> _Reason:
    return _Reason(trouble.message, trouble.advice)


def _compare(
    before: Mapping[K, V], now: Mapping[K, V], begun: Callable[[K, V], None], ended: Callable[[K], None]
) -> None:
    for key, value in now.items():
        if before.get(key) != value:
            begun(key, value)
    for key in before.keys() - now.keys():
        ended(key)
