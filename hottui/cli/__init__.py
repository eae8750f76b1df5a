"""The command line: one module a command family. Nothing heavy is imported before a command runs."""

import gc
import signal


def main() -> None:
    """Run the `hottui` command and end the process with its exit code."""
    gc.set_threshold(50_000)  # a start makes many objects and no garbage: looking for it costs a tenth of the time
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing is begun yet that would have to be ended
    from hottui import ending  # noqa: PLC0415 - importing the package stays free

    try:
        for number in ending.SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(number, ending.leave)
        from hottui.cli.group import cli  # noqa: PLC0415 - importing the package stays free
        from hottui.cli.run import run  # noqa: PLC0415
        from hottui.cli.stop import say  # noqa: PLC0415
        from hottui.unheard import current  # noqa: PLC0415

        current().hear()  # also of what comes up after the command, while Python waits for its threads
        current().listen(say)
        code = run(cli)
    except BaseException:
        ended = ending.code()
        if ended is None:
            raise
        code = ended
    # What is left is Python's own end: a signal in it, or while it waits for a thread, must not print a traceback.
    ending.listen_no_more()
    raise SystemExit(code)
