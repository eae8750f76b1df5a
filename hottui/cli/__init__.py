"""The command line: one module a command family. Nothing heavy is imported before a command runs."""


def main() -> None:
    """Run the `hottui` command and end the process with its exit code."""
    from hottui.cli.group import cli  # noqa: PLC0415 - importing the package stays free
    from hottui.cli.stop import run  # noqa: PLC0415

    raise SystemExit(run(cli))
