"""The command line: one module a command family. Nothing heavy is imported before a command runs."""

import gc


def main() -> None:
    """Run the `hottui` command and end the process with its exit code."""
    gc.set_threshold(50_000)  # a start makes many objects and no garbage: looking for it costs a tenth of the time
    from hottui.cli.group import cli  # noqa: PLC0415 - importing the package stays free
    from hottui.cli.stop import run  # noqa: PLC0415

    raise SystemExit(run(cli))
