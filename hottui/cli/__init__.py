"""The command line: one module a command family. Nothing heavy is imported before a command runs."""

import gc
import signal
from types import FrameType


def main() -> None:
    """Run the `hottui` command and end the process with its exit code."""
    gc.set_threshold(50_000)  # a start makes many objects and no garbage: looking for it costs a tenth of the time
    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:  # not with nohup, which has it ignored
                signal.signal(number, _leave)
        from hottui.cli.group import cli  # noqa: PLC0415 - importing the package stays free
        from hottui.cli.run import run  # noqa: PLC0415
        from hottui.cli.stop import say  # noqa: PLC0415
        from hottui.unheard import current  # noqa: PLC0415

        current().hear()  # also of what comes up after the command, while Python waits for its threads
        current().listen(say)
        code = run(cli)
    except KeyboardInterrupt:
        code = 130
    # What is left is Python's own end: a ctrl-c in it, or while it waits for a thread, must not print a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise SystemExit(code)


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
    """End by way of every `finally`, so that nothing is left behind, with the code a shell gives a killed program."""
    raise SystemExit(128 + number)
