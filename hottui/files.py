"""Opening files whose names the user gives, where anything may lie: a pipe, a device or a folder must not block.

Every function raises OSError, with a `strerror` that says what is wrong.
"""

import errno
import io
import os
import stat
import time
from pathlib import Path
from typing import BinaryIO, Final

_PATIENCE: Final = 5.0
"""Seconds in which the other end of a named pipe must be opened."""
_LOOK_EVERY: Final = 0.05
_FLAGS: Final = os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_KINDS: Final = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read_regular(path: Path, most: int) -> bytes:
    """The content of a regular file of at most `most` bytes; `/dev/null` is an empty one."""
    if _is_null(path.stat()):
        return b""
    _check_regular(path, path.stat().st_mode)  # before it is opened, which is enough to act on some devices
    with open(os.open(path, os.O_RDONLY | _FLAGS), "rb") as file:
        _check_regular(path, os.fstat(file.fileno()).st_mode)
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes", str(path))
    return content


def open_input(path: Path, patience: float = _PATIENCE) -> BinaryIO:
    """Open a regular file, a pipe, or what standard input is, for reading.

    Pipes are `/dev/stdin`, process substitution and named ones; one that nobody opens for writing within `patience`
    seconds is an error.
    """
    if not _is_input(path.stat()):
        _check_regular(path, path.stat().st_mode)
    raw = _Input(os.open(path, os.O_RDONLY | _FLAGS))
    file = io.BufferedReader(raw)
    try:
        found = os.fstat(raw.fileno())
        if not _is_input(found):
            _check_regular(path, found.st_mode)
        if stat.S_ISFIFO(found.st_mode):
            _await_writer(file, raw, path, patience)
        os.set_blocking(raw.fileno(), True)
    except BaseException:
        file.close()
        raise
    return file


def open_output(path: Path, patience: float = _PATIENCE) -> BinaryIO:
    """Open what is no regular file, such as a pipe or a device, for writing.

    A pipe that nobody opens for reading within `patience` seconds is an error.
    """
    end = time.monotonic() + patience
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | _FLAGS)
        except OSError as error:
            if error.errno != errno.ENXIO or not path.is_fifo():
                raise
            if time.monotonic() >= end:
                raise OSError(errno.ENXIO, "it is a pipe that nothing reads from", str(path)) from None
            time.sleep(_LOOK_EVERY)
        else:
            os.set_blocking(descriptor, True)
            return open(descriptor, "wb")


def kind_of(mode: int) -> str:
    """What a file of this mode is, for the user; empty for a regular one."""
    return _KINDS.get(stat.S_IFMT(mode), "")


class _Input(io.FileIO):
    """A file that remembers whether its last read found somebody at the other end of the pipe."""

    has_writer = False

    def readinto(self, buffer: "memoryview") -> int | None:  # type: ignore[override] # what a reader hands over
        """Read into `buffer`; None while there is nothing to read yet, 0 without a writer."""
        count = super().readinto(buffer)
        self.has_writer = count != 0
        return count


def _await_writer(file: "io.BufferedReader[_Input]", raw: _Input, path: Path, patience: float) -> None:
    end = time.monotonic() + patience
    # A pipe that had a writer, which left, cannot be told from one that had none: only named ones are waited for.
    while not file.peek(1) and not raw.has_writer and not _is_inherited(path):
        if time.monotonic() >= end:
            raise OSError(errno.EPIPE, "it is a pipe that nothing writes to", str(path))
        time.sleep(_LOOK_EVERY)


def _is_inherited(path: Path) -> bool:
    """Whether `path` is a descriptor of this process, opened by whoever started it."""
    return str(path) == "/dev/stdin" or str(path).startswith(("/dev/fd/", "/proc/self/fd/"))


def _is_input(found: os.stat_result) -> bool:
    """Whether data, or its end, can be expected from what is no regular file."""
    if stat.S_ISFIFO(found.st_mode) or _is_null(found):
        return True
    try:
        return stat.S_ISCHR(found.st_mode) and os.path.samestat(found, os.fstat(0))
    except OSError:  # standard input is closed
        return False


def _is_null(found: os.stat_result) -> bool:
    return stat.S_ISCHR(found.st_mode) and found.st_rdev == os.stat(os.devnull).st_rdev


def _check_regular(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, f"it is {kind_of(mode) or 'of another kind'}, not a file", str(path))
