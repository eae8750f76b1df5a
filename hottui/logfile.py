"""The log that `--log FILE` asks for: what began and ended, moved, was held or failed, with times; without secrets."""

import logging
import os
import stat
import sys
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hottui.model.text import visible
from hottui.service.redact import redact, secrets_in

if TYPE_CHECKING:
    from hottui.model.ref import Ref
    from hottui.model.tracking import Transition, Trouble
    from hottui.monitor.snapshot import Snapshot


K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a row is not read. Advice may name the request, another one each time: that alone is nothing new."""

    sentence: str
    advice: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".strip()


class _Line(logging.Formatter):
    """One line for each record: UTC, level, and the message, redacted, with nothing active in it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)-7s %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime
        self._secrets = secrets_in(os.environ)

    def format(self, record: logging.LogRecord) -> str:
        return visible(redact(super().format(record), self._secrets))


class _File(logging.StreamHandler[TextIOWrapper]):
    """Writes, and keeps the reason when it no longer can: logging itself would print a traceback over the screen."""

    trouble = ""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's signature
        self.trouble = self.trouble or str(sys.exc_info()[1])

    def finish(self) -> None:
        """Close the file."""
        self.close()
        try:
            self.stream.close()
        except OSError as refused:
            self.trouble = self.trouble or str(refused)


class Log:
    """Hears the monitor and writes down what is new. Raises OSError when `path` cannot be opened for writing.

    The file is this user's alone, whatever the umask says; `notice` tells when it was open to others before.
    """

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.notice = ""
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode):  # a device or a pipe is not ours to close to others
            mode = stat.S_IMODE(found.st_mode)
            os.fchmod(descriptor, 0o600)
            if mode & 0o077:
                self.notice = f"{path} could be read by others (mode {mode:03o}); it is yours alone now."
        self._path = path
        self._handler = _File(os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace"))
        self._handler.setFormatter(_Line())
        self._to = logging.Logger("hottui", logging.INFO)  # no part of the tree: nothing of the libraries gets in
        self._to.addHandler(self._handler)
        self._troubled: dict[Ref, _Reason] = {}
        self._held: dict[str, str] = {}
        self._store = ""
        self._paused = False

    @property
    def trouble(self) -> str:
        """Why lines were lost, as a sentence; empty when none was."""
        reason = self._handler.trouble
        return f"Not all of the log could be written to {self._path}: {reason}." if reason else ""

    def begins(self, version: str, tracked: int, where: str) -> None:
        """The start of a run."""
        self._to.info("hottui %s begins, process %d: %d tracked, %s", version, os.getpid(), tracked, where)

    def fault(self, sentence: str) -> None:
        """A fault in hottui itself."""
        self._to.error("%s", sentence)

    def ends(self, code: int, fault: str = "") -> None:
        """The end of it."""
        if fault:
            self.fault(fault)
        self._to.info("hottui ends, process %d, with code %d", os.getpid(), code)
        self._handler.finish()

    def moved(self, transition: "Transition") -> None:
        """A hot update came into another state."""
        self._to.info("%s: %s -> %s", transition.ref.id, transition.previous or "first seen", transition.state)

    def snapshot(self, picture: "Snapshot") -> None:
        """What is held, what failed and what the store refuses, each when it begins, changes or ends."""
        loop = picture.loop
        failing = {t.ref: _reason(t.trouble) for t in picture.tracked if t.trouble}
        _compare(self._troubled, failing, self._read_failed, lambda ref: self._to.info("%s: read again", ref.id))
        held = {hold.account: f"{hold.sentence} {hold.hint}".strip() for hold in loop.holds}
        _compare(self._held, held, self._hold, lambda account: self._to.info("%s: goes on", account))
        self._troubled, self._held = failing, held
        store = f"{loop.trouble.sentence} {loop.trouble.hint}".strip() if loop.trouble else ""
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
    named = not trouble.request_id or trouble.request_id in trouble.hint
    return _Reason(
        trouble.sentence, trouble.hint if named else f"{trouble.hint} Request ID: {trouble.request_id}".strip()
    )


def _compare(
    before: Mapping[K, V], now: Mapping[K, V], begun: Callable[[K, V], None], ended: Callable[[K], None]
) -> None:
    for key, why in now.items():
        if before.get(key) != why:
            begun(key, why)
    for key in before.keys() - now.keys():
        ended(key)
