"""The command line: one module a command family. Nothing heavy is imported before a command runs."""

import gc
import signal


def main() -> None:
    """Run the `hottui` command and end the process with its exit code."""
    gc.set_threshold(50_000)  # a start makes many objects and no garbage: looking for it costs a tenth of the time
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing is begun yet that would have to be ended
    from hottui.runtime import shutdown  # noqa: PLC0415 - importing the package stays free

    try:
        for number in shutdown.SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(number, shutdown.exit_on_signal)
        from hottui.cli.group import cli  # noqa: PLC0415 - importing the package stays free
        from hottui.cli.output import print_error  # noqa: PLC0415
        from hottui.cli.run import run  # noqa: PLC0415
        from hottui.runtime.error_hooks import current_hooks  # noqa: PLC0415

        current_hooks().install()  # also of what comes up after the command, while Python waits for its threads
        current_hooks().add_listener(print_error)
        code = run(cli)
    except BaseException:
        ended = shutdown.exit_code()
        if ended is None:
            raise
        code = ended
    # What is left is Python's own end: a signal in it, or while it waits for a thread, must not print a traceback.
    shutdown.restore_default_signals()
    raise SystemExit(code)
