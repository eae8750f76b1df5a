"""What is kept of a fault in hottui itself: a report without secrets, where the user is told to look for it."""

import errno
import os
import platform
import time
import traceback
from collections.abc import Mapping
from pathlib import Path

from hottui import __version__
from hottui.model.text import visible_lines
from hottui.service.redact import redact, secrets_in


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


def keep(error: BaseException, folder: Path, *, ended: bool = True) -> str:
    """Write a report into `folder`, readable by this user alone; returns a sentence that says where it is.

    `ended`: whether the fault ended hottui, or it went on.
    """
    name = type(cause(error)).__name__
    met = f"A fault in hottui ended it ({name})." if ended else f"A fault in hottui was met ({name}); it went on."
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        path, descriptor = _create(folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)  # also where the umask leaves less
            file.write(report(error))
    except OSError as refused:
        return f"{met} No report was kept: {refused.strerror}."
    return f"{met} Bookmarks are safe. The report is in {path}."


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
