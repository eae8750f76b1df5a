"""The log that `--log FILE` asks for: what began and ended, moved, was held or failed, with times; without secrets."""

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
"""Of one file; a line that does not fit begins the next."""
FILES: Final = 3
"""How many there are, the present one included: `NAME`, `NAME.1` and, the oldest, `NAME.2`."""
_LONGEST_LINE: Final = 10_000
"""Characters."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a row is not read. Advice may name the request, another one each time: that alone is nothing new."""

    message: str
    advice: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class _Line(logging.Formatter):
    """One line for each record: UTC, level, and the message, redacted, with nothing active in it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)-7s %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime
        self._secrets = secrets_in(os.environ)

    def format(self, record: logging.LogRecord) -> str:
        return shorten(visible(redact(super().format(record), self._secrets)), _LONGEST_LINE)


class _File(logging.Handler):
    """Writes lines to a file that is rotated, or to a pipe or a device.

    Several processes may write to the same file. Keeps the reason when lines are lost: logging itself would print a
    traceback over the screen.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.trouble = ""
        self._descriptor = _open(path)
        self._path = path.resolve() if self.is_regular else path  # not the link to it is renamed

    @property
    def is_regular(self) -> bool:
        """Whether it is a file that can be rotated and closed to others."""
        return stat.S_ISREG(os.fstat(self._descriptor).st_mode)

    def restrict(self) -> int:
        """Close the file to others, whatever the umask says; returns the mode it had."""
        mode = stat.S_IMODE(os.fstat(self._descriptor).st_mode)
        os.fchmod(self._descriptor, 0o600)
        return mode

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, if need be into a new file."""
        line = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
        try:
            if self.is_regular:
                self._make_room(len(line))
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

    def _make_room(self, size: int) -> None:
        """See that a line of `size` bytes fits the file that lies at the path."""
        if not self._is_current():  # rotated by another process, or removed
            self._reopen()
        found = os.fstat(self._descriptor).st_size
        if found == 0 or found + size <= MOST_BYTES:
            return
        try:
            # Every process that writes to this file holds the lock of the same file; who comes second finds it moved.
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # it is being rotated
        except OSError:
            pass  # a file system without locks
        if self._is_current():
            try:
                for number in range(FILES - 1, 0, -1):
                    older = self._rotated(number - 1)
                    if number == 1 or os.path.lexists(older):
                        older.replace(self._rotated(number))
            except OSError as error:
                os.ftruncate(self._descriptor, 0)  # the latest lines are worth more, and the size is a promise
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
        os.close(self._descriptor)  # and with it its lock goes
        self._descriptor = descriptor
        if self.is_regular:
            self.restrict()


def _open(path: Path) -> int:
    """A descriptor that appends to `path` and never blocks. Raises OSError."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    try:
        return os.open(path, flags, 0o600)
    except OSError as error:
        if error.errno == errno.ENXIO and path.is_fifo():
            raise OSError(errno.ENXIO, "it is a pipe that nothing reads from", str(path)) from None
        raise


class Log:
    """Writes down what the monitor reports as new. Raises OSError when `path` cannot be opened for writing.

    The file is this user's alone, whatever the umask says; `notice` says when it was open to others before. It is
    rotated at `MOST_BYTES`.
    """

    def __init__(self, path: Path) -> None:
        self.notice = ""
        self._handler = _File(path)
        if self._handler.is_regular:
            mode = self._handler.restrict()
            if mode & 0o077:
                self.notice = f"{path} could be read by others (mode {mode:03o}); it is yours alone now."
        self._path = path
        self._handler.setFormatter(_Line())
        self._to = logging.Logger("hottui", logging.INFO)  # no part of the tree: nothing of the libraries gets in
        self._to.addHandler(self._handler)
        self._troubled: dict[Ref, _Reason] = {}
        self._held: dict[str, str] = {}
        self._store = ""
        self._paused = False

    @property
    def trouble(self) -> str:
        """Why lines were lost, as a message; empty when none was."""
        reason = self._handler.trouble
        return f"Not all of the log could be written to {self._path}: {reason}." if reason else ""

    def begins(self, version: str, tracked: int, where: str) -> None:
        """The start of a run."""
        self._to.info("hottui %s begins, process %d: %d tracked, %s", version, os.getpid(), tracked, where)

    def fault(self, message: str) -> None:
        """A fault in hottui itself."""
        self._to.error("%s", message)

    def ends(self, code: int, fault: str = "") -> None:
        """The end of it."""
        if fault:
            self.fault(fault)
        self._to.info("hottui ends, process %d, with code %d", os.getpid(), code)
        self._handler.close()

    def moved(self, transition: "Transition") -> None:
        """A hot update came into another state."""
        self._to.info("%s: %s -> %s", transition.ref.id, transition.previous or "first seen", transition.state)

    def snapshot(self, picture: "Snapshot") -> None:
        """What is held, what failed and what the store refuses, each when it begins, changes or ends."""
        loop = picture.loop
        failing = {t.ref: _reason(t.trouble) for t in picture.tracked if t.trouble}
        _compare(self._troubled, failing, self._read_failed, lambda ref: self._to.info("%s: read again", ref.id))
        held = {hold.account: f"{hold.message} {hold.hint}".strip() for hold in loop.holds}
        _compare(self._held, held, self._hold, lambda account: self._to.info("%s: goes on", account))
        self._troubled, self._held = failing, held
        store = f"{loop.trouble.message} {loop.trouble.hint}".strip() if loop.trouble else ""
        if store != self._store:
            self._to.log(logging.WARNING if store else logging.INFO, "store: %s", store or "saves again")
        if loop.paused != self._paused:
            self._to.info("paused" if loop.paused else "goes on after a pause")
        self._store, self._paused = store, loop.paused

    def _read_failed(self, ref: "Ref", why: _Reason) -> None:
        self._to.warning("%s: not read: %s", ref.id, why)

    def _hold(self, account: str, why: str) -> None:
        self._to.warning("%s: held: %s", account, why)


def _reason(trouble: "Trouble") -> _Reason:
    return _Reason(trouble.message, trouble.advice)


def _compare(
    before: Mapping[K, V], now: Mapping[K, V], begun: Callable[[K, V], None], ended: Callable[[K], None]
) -> None:
    for key, why in now.items():
        if before.get(key) != why:
            begun(key, why)
    for key in before.keys() - now.keys():
        ended(key)
