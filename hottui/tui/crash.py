"""What is kept of a fault in hottui itself: a report without secrets, where the user is told to look for it."""

import os
import platform
import time
import traceback
from pathlib import Path

from hottui import __version__
from hottui.model.text import visible
from hottui.service.redact import redact


def report(error: BaseException) -> str:
    """The report's text: versions and the way to the fault. Values of variables never stand in it."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    head = [
        f"hottui {__version__}, Python {platform.python_version()}, {platform.system()}",
        f"TERM={os.environ.get('TERM', '')} at {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}",
        "",
    ]
    return "\n".join([*head, *(visible(redact(line)) for line in lines), ""])


def keep(error: BaseException, folder: Path) -> str:
    """Write a report into `folder`, readable by this user alone; returns a sentence that says where it is."""
    path = folder / f"crash-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.getpid()}.txt"
    text = report(error)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as refused:
        return f"A fault in hottui ended it ({type(error).__name__}). No report was kept: {refused.strerror}."
    return f"A fault in hottui ended it ({type(error).__name__}). Bookmarks are safe. The report is in {path}."
