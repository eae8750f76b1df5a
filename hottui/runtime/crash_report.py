"""What is kept of a fault in hottui itself: a report without secrets, where the user is told to look for it."""

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

NO_MORE_LISTED: Final = "Faults in hottui come up in yet more places; no more of them are listed."


def report(error: BaseException, environment: Mapping[str, str] = os.environ) -> str:
    """The report's text: versions and the way to the fault. Values of variables never stand in it.

    What the environment holds under a name like `…_SECRET` or `…_TOKEN` is taken out wherever it stands.
    """
    secrets = secrets_in(environment)
    head = [
        f"hottui {__version__}, Python {platform.python_version()}, {platform.system()}",
        f"TERM={environment.get('TERM', '')} at {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}",
        "",
    ]
    # piece by piece, each as a whole: a secret may run over several lines of one message
    pieces = (redact(piece, secrets) for piece in traceback.format_exception(cause(error)))
    lines = [line for piece in pieces for line in visible_lines(piece.rstrip("\n"))]
    return "\n".join([*visible_lines("\n".join(head)), *lines, ""])


def cause(error: BaseException) -> BaseException:
    """The fault itself: Textual wraps one of a worker into another that says nothing of where it was."""
    inner = getattr(error, "error", None)
    return inner if isinstance(inner, BaseException) and error.__traceback__ is None else error


def write_report(error: BaseException, folder: Path, *, ended: bool = True) -> str:
    """Write a report into `folder`, readable by this user alone; returns a message that says where it is.

    `ended`: whether the fault ended hottui, or it went on.
    """
    name = type(cause(error)).__name__
    met = f"A fault in hottui ended it ({name})." if ended else f"A fault in hottui was met ({name}); it went on."
    try:
        path, descriptor = _create_in(folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(report(error))
    except OSError as refused:
        return f"{met} No report was kept: {refused.strerror}."
    return f"{met} Bookmarks are safe. The report is in {path}."


class ErrorList:
    """A list of what else went wrong, one line a place, in a file of `folder` that this user alone can read."""

    def __init__(self, folder: Path) -> None:
        met = "Faults in hottui were met in more places; it went on."
        self._path: Path | None = None
        try:
            self._path, descriptor = _create_in(folder)
            os.close(descriptor)
        except OSError as refused:
            self.message = f"{met} No list was kept: {refused.strerror}."
        else:
            self.message = f"{met} What and where they were is listed in {self._path}."
        """Says where it is."""

    def add(self, text: str) -> None:
        """Write a line. A disk that has become full meanwhile takes no more of them."""
        if self._path is None:
            return
        with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")


def summary_line(error: BaseException) -> str:
    """What `error` is and where it came up, for a list or a log: no more than that, and no secret."""
    fault = cause(error)
    trace = traceback.extract_tb(fault.__traceback__)
    where = f"line {trace[-1].lineno} of {trace[-1].filename}, in {trace[-1].name}" if trace else "a place unknown"
    return visible(redact(f"A fault in hottui was met ({type(fault).__name__}): {where}.", secrets_in(os.environ)))


def _create_in(folder: Path) -> tuple[Path, int]:
    """A new file in `folder`, which is made where it is missing; both are this user's alone. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    path, descriptor = _create(folder)
    os.fchmod(descriptor, 0o600)  # also where the umask leaves less
    return path, descriptor


def _create(folder: Path) -> tuple[Path, int]:
    """A new file in `folder`, open for writing; several faults may come within a second. Raises OSError."""
    name = f"crash-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.getpid()}"
    for number in range(1, 100):
        path = folder / (f"{name}.txt" if number == 1 else f"{name}-{number}.txt")
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
    raise FileExistsError(errno.EEXIST, "there are too many already", str(folder))
