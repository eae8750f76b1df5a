"""Open files named by the user without blocking: the path may be a pipe, a device or a folder.

Every function raises OSError, with a `strerror` that can be shown to the user.
"""

import errno
import io
import os
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

_PIPE_TIMEOUT: Final = 5.0
"""Seconds to wait until the other end of a named pipe is opened."""
_POLL_INTERVAL: Final = 0.05
_PROBE_SIZE: Final = 64 * 1024
"""Bytes that a folder must be able to take: more than hottui writes at once for a bookmark."""
_FLAGS: Final = os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_KINDS: Final = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read_regular(path: Path, most: int) -> bytes:
    """Return the content of a regular file of at most `most` bytes; `/dev/null` counts as an empty one."""
    if _is_null(path.stat()):
        return b""
    _check_regular(path, path.stat().st_mode)  # before opening it, which already triggers some devices
    with open(os.open(path, os.O_RDONLY | _FLAGS), "rb") as file:
        _check_regular(path, os.fstat(file.fileno()).st_mode)
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes", str(path))
    return content


def open_input(path: Path, timeout: float = _PIPE_TIMEOUT) -> BinaryIO:
    """Open a regular file, a pipe or standard input for reading.

    Pipes are `/dev/stdin`, process substitutions and named pipes. A pipe that no process opens for writing within
    `timeout` seconds is an error.
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
            _await_writer(file, raw, path, timeout)
        os.set_blocking(raw.fileno(), True)
    except BaseException:
        file.close()
        raise
    return file


def open_output(path: Path, timeout: float = _PIPE_TIMEOUT) -> BinaryIO:
    """Open a pipe, a device or the like for writing.

    A pipe that no process opens for reading within `timeout` seconds is an error.
    """
    end = time.monotonic() + timeout
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | _FLAGS)
        except OSError as error:
            if error.errno != errno.ENXIO or not path.is_fifo():
                raise
            if time.monotonic() >= end:
                raise OSError(errno.ENXIO, "no process reads from this pipe", str(path)) from None
            time.sleep(_POLL_INTERVAL)
        else:
            os.set_blocking(descriptor, True)
            return open(descriptor, "wb")


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path` atomically, readable by this user only."""
    import tempfile  # noqa: PLC0415 - start-up time: most commands write no file

    descriptor, unfinished = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        Path(unfinished).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
        raise


def check_writable(folder: Path) -> None:
    """Write to an unnamed file in `folder`, or in its nearest parent that exists; nothing remains of it."""
    import tempfile  # noqa: PLC0415 - start-up time: most commands write no file

    existing = next(each for each in (folder, *folder.parents) if each.exists())
    with tempfile.TemporaryFile(dir=existing) as file:
        file.write(bytes(_PROBE_SIZE))
        file.flush()
        os.fsync(file.fileno())


def kind_of(mode: int) -> str:
    """Return a name for the kind of file with this mode; empty for a regular file."""
    return _KINDS.get(stat.S_IFMT(mode), "")


class _Input(io.FileIO):
    """A file that records whether the last read found a writer at the other end of the pipe."""

    has_writer = False

    def readinto(self, buffer: "memoryview") -> int | None:  # type: ignore[override] # BufferedReader passes a memoryview
        """Read into `buffer`; return None if there is nothing to read yet, 0 without a writer."""
        count = super().readinto(buffer)
        self.has_writer = count != 0
        return count


def _await_writer(file: "io.BufferedReader[_Input]", raw: _Input, path: Path, timeout: float) -> None:
    end = time.monotonic() + timeout
    # A pipe whose writer has closed it looks like one that never had a writer, so only named pipes are waited for.
    while not file.peek(1) and not raw.has_writer and not _is_inherited(path):
        if time.monotonic() >= end:
            raise OSError(errno.EPIPE, "no process writes to this pipe", str(path))
        time.sleep(_POLL_INTERVAL)


def _is_inherited(path: Path) -> bool:
    """Return whether `path` is a descriptor inherited from the parent process."""
    return str(path) == "/dev/stdin" or str(path).startswith(("/dev/fd/", "/proc/self/fd/"))


def _is_input(found: os.stat_result) -> bool:
    """Return whether a file that is not regular can be read to an end: a pipe, /dev/null or standard input."""
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
