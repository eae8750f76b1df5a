"""The command line: one module a command family. Nothing heavy is imported before a command runs."""


def main() -> None:
    """Run the `hottui` command."""
    raise SystemExit(2)
