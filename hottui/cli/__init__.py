"""The command line: one module per command or two. Heavy imports wait until a command runs."""

import gc
import signal


def main() -> None:
    """Run the `hottui` command and end the process with its exit code."""
    gc.set_threshold(50_000)  # start-up creates many objects and no garbage: collecting takes a tenth of its time
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing to clean up yet
    from hottui.runtime import shutdown  # noqa: PLC0415 - importing the package stays free

    try:
        for number in shutdown.SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                signal.signal(number, shutdown.exit_on_signal)
        from hottui.cli.command_group import cli  # noqa: PLC0415 - importing the package stays free
        from hottui.cli.output import print_error  # noqa: PLC0415
        from hottui.cli.run_command import run  # noqa: PLC0415
        from hottui.runtime.error_hooks import current_hooks  # noqa: PLC0415

        current_hooks().install()  # also for errors after the command, while Python waits for threads
        current_hooks().add_listener(print_error)
        code = run(cli)
    except BaseException:
        signal_code = shutdown.exit_code()
        if signal_code is None:
            raise
        code = signal_code
    # A signal during interpreter shutdown must not print a traceback.
    shutdown.restore_default_signals()
    raise SystemExit(code)
