"""A Java stack trace, read into its causes: the innermost one is what an operator looks for."""

import re
from dataclasses import dataclass
from typing import Final

from hottui.model.job import JobFailure
from hottui.model.masking import mask_text, masked_line

_FRAME: Final = re.compile(r"\s*(?:at\s+\S|\.\.\.\s+\d+\s+(?:more|common frames omitted))")
_CAUSE: Final = re.compile(r"\s*Caused by:\s*(.*)", re.DOTALL)
_CLASS: Final = re.compile(r"[\w$.-]{1,300}")
_KINDS: Final = ("Exception", "Error", "Throwable", "Failure")
_SHOWN_FRAMES: Final = 3
_MOST_LINES: Final = 5_000
_LONGEST: Final = 100_000
"""Characters of a text that are read."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One exception of a trace. `exception` is its class name, empty where the text begins with none."""

    exception: str
    message: str
    frames: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The message and the class without its package: `IOException: disk full`."""
        name = self.exception.rpartition(".")[2]
        first = self.message.strip().splitlines()[0].strip() if self.message.strip() else ""
        return ": ".join(part for part in (name, first) if part)

    @property
    def folded(self) -> tuple[str, ...]:
        """The first frames, and how many more there are."""
        hidden = len(self.frames) - _SHOWN_FRAMES
        more = (f"… {hidden:,} more frames",) if hidden > 0 else ()
        return (*self.frames[:_SHOWN_FRAMES], *more)


def read_trace(text: str) -> tuple[Cause, ...]:
    """Return the causes in `text`, the innermost first; one without frames if it is not a stack trace.

    Empty if there is no text.
    """
    causes: list[tuple[list[str], list[str]]] = []
    suppressed: int | None = None
    for line in text.splitlines()[:_MOST_LINES]:
        # The frames and causes of a suppressed exception are indented below it, deeper than the frames around it.
        indent = len(line) - len(line.lstrip())
        if line.lstrip().startswith("Suppressed:"):
            suppressed = indent
        elif not indent or (suppressed and indent <= suppressed and not _CAUSE.match(line)):
            suppressed = None
        if suppressed is not None:
            continue
        if cause := _CAUSE.match(line):
            causes.append(([cause[1]], []))
        elif _FRAME.match(line):
            if not causes:
                causes.append(([], []))
            causes[-1][1].append(line.strip())
        elif line.strip():
            if not causes or causes[-1][1]:
                causes.append(([line.strip()], []))
            else:
                causes[-1][0].append(line.strip())
    return tuple(_cause("\n".join(text), frames) for text, frames in reversed(causes))


def innermost(text: str) -> str:
    """Return the headline of the innermost cause in `text` as a masked line; empty if there is no text."""
    causes = read_trace(mask_text(text[:_LONGEST]))
    return masked_line(causes[0].headline) if causes else ""


def failure_text(failure: JobFailure) -> str:
    """Return the reason and the innermost cause of a job's failure: `JobTaskFailed: OutOfMemoryError: …`."""
    return ": ".join(part for part in (masked_line(failure.reason), innermost(failure.message)) if part)


def _cause(text: str, frames: list[str]) -> Cause:
    text = text.strip()
    name, _, message = text.partition(":")
    if not _CLASS.fullmatch(name) or not any(kind in name.rpartition(".")[2] for kind in _KINDS):
        return Cause("", text, tuple(frames))
    return Cause(name, message.strip(), tuple(frames))
