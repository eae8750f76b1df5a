"""Words for the user, and ending a command with them: on standard error, never with a traceback."""

import sys
from contextlib import suppress
from typing import TextIO

import click

from hottui.cli.exits import USAGE
from hottui.model.text import visible


class Stop(click.ClickException):
    """A command that cannot go on: what happened, what to do next, and the exit code."""

    def __init__(self, sentence: str, hint: str = "", code: int = USAGE) -> None:
        super().__init__(sentence)
        self.hint = hint
        self.code = code


def say(sentence: str, hint: str = "", *, stream: TextIO | None = None) -> None:
    """A sentence for the user, and below it what to do next, on standard error unless another stream is given."""
    lines = [f"hottui: {visible(sentence)}"] + ([f"        {visible(hint)}"] if hint else [])
    with suppress(OSError):  # nobody listens: there is no other place to say it, and the exit code speaks too
        print("\n".join(lines), file=stream or sys.stderr, flush=True)
