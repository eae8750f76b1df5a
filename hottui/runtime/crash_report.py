"""Crash reports: the traceback of an internal error, secrets masked, in a private file whose path the user is shown."""

import errno
import os
import platform
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from hottui import __version__
from hottui.model.control_characters import visible, visible_lines
from hottui.model.masking.messages import redact, secrets_in

NO_MORE_LISTED: Final = "There are more internal errors; they are not listed."


def report(error: BaseException, environment: Mapping[str, str] = os.environ) -> str:
    """Return the text of a report: versions and the traceback, without the values of local variables.

    Values of environment variables with a name such as `…_SECRET` or `…_TOKEN` are masked wherever they occur.
    """
    secrets = secrets_in(environment)
    head = [
        f"hottui {__version__}, Python {platform.python_version()}, {platform.system()}",
        f"TERM={environment.get('TERM', '')} at {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}",
        "",
    ]
    # redact each piece as a whole: a secret may span several lines of one message
    pieces = (redact(piece, secrets) for piece in traceback.format_exception(cause(error)))
    lines = [line for piece in pieces for line in visible_lines(piece.rstrip("\n"))]
    return "\n".join([*visible_lines("\n".join(head)), *lines, ""])


def cause(error: BaseException) -> BaseException:
    """Return the original exception: Textual wraps a worker's in a WorkerFailed without a traceback."""
    inner = getattr(error, "error", None)
    return inner if isinstance(inner, BaseException) and error.__traceback__ is None else error


def write_report(error: BaseException, folder: Path, *, ended: bool = True) -> str:
    """Write a report to `folder`, readable only by this user, and return a message with its path.

    `ended` is whether the error ended hottui. A report that cannot be written is mentioned in the message.
    """
    name = type(cause(error)).__name__
    outcome = f"Internal error ({name}); hottui {'stopped. Bookmarks are safe' if ended else 'continues'}."
    try:
        path, descriptor = _create_in(folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(report(error))
    except OSError as failure:
        return f"{outcome} No report was written: {failure.strerror}."
    return f"{outcome} Report: {path}"


class ErrorList:
    """A list of further internal errors, one line each, in a file of `folder` that only this user can read.

    `message` says where the list is, or why there is none.
    """

    def __init__(self, folder: Path) -> None:
        outcome = "More internal errors; hottui continues."
        self._path: Path | None = None
        try:
            self._path, descriptor = _create_in(folder)
            os.close(descriptor)
        except OSError as failure:
            self.message = f"{outcome} No list was written: {failure.strerror}."
        else:
            self.message = f"{outcome} List: {self._path}"

    def add(self, text: str) -> None:
        """Append a line; errors such as a full disk are ignored."""
        if self._path is None:
            return
        with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")


def summary_line(error: BaseException) -> str:
    """Return the type and the location of `error` as one line for a list or a log, secrets masked."""
    original = cause(error)
    trace = traceback.extract_tb(original.__traceback__)
    where = f"line {trace[-1].lineno} of {trace[-1].filename}, in {trace[-1].name}" if trace else "unknown location"
    return visible(redact(f"Internal error ({type(original).__name__}): {where}.", secrets_in(os.environ)))


def _create_in(folder: Path) -> tuple[Path, int]:
    """Create a private file in `folder`, and the folder if it is missing. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    path, descriptor = _create(folder)
    os.fchmod(descriptor, 0o600)  # the umask may have removed more
    return path, descriptor


def _create(folder: Path) -> tuple[Path, int]:
    """Create a file named after the current second, numbered where there are several. Raises OSError."""
    name = f"crash-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.getpid()}"
    for number in range(1, 100):
        path = folder / (f"{name}.txt" if number == 1 else f"{name}-{number}.txt")
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
    raise FileExistsError(errno.EEXIST, "there are too many already", str(folder))
