"""`hottui doctor`: check everything that hottui needs, and print what to do."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from hottui import paths
from hottui.cli import health_checks, health_facts, wiring
from hottui.cli.health_checks import Check, Status
from hottui.cli.info import location, versions
from hottui.cli.options import location_options, number, output_option
from hottui.cli.output import TextLine, emit, emit_lines, json_line, supports_glyphs
from hottui.config.settings import Flags, Settings, SettingsError, without_secrets
from hottui.errors import ExitCode
from hottui.service.endpoints import host_of

if TYPE_CHECKING:
    from hottui.store.inspection import StoreCondition

_NAME_WIDTH = 25
"""Characters for the name of a check; some calls have longer ones."""


@click.command()
@output_option
@click.option("--timeout", type=number(float, 0.1, 600, "a number of seconds from 0.1 to 600"), default=10.0,
              metavar="SECONDS", show_default=True, help="Time limit for credentials and service.")  # fmt: skip
@location_options
def doctor(output: str, timeout: float, flags: Flags) -> int:
    """Check versions, files, settings, credentials, the service, permissions and the terminal.

    Each line is ok, look or broken, with what to do. It only reads: nothing is repaired, and no secret is printed. The
    exit code is 1 if something is broken.

    \b
    Examples:
      hottui doctor -p prod
      hottui doctor -o json | jq -r 'select(.status == "broken")'
    """
    counted: Counter[Status] = Counter()
    for check in _checks(flags, timeout):
        counted[check.status] += 1
        if output == "json":
            emit(json_line({"check": check.name, "status": check.status.value, "found": check.found,
                            "advice": check.advice}))  # fmt: skip
        else:
            emit_lines(_lines(check), ascii_only=not supports_glyphs())
    if output == "table":
        emit("")
        emit(", ".join(f"{counted[status]} {status.value}" for status in reversed(Status) if counted[status]) + ".")
    return ExitCode.FAILED if counted[Status.BROKEN] else ExitCode.OK


def _lines(check: Check) -> Iterator[TextLine]:
    yield TextLine(f"{check.status.value:<7} {check.name:<{_NAME_WIDTH}} ", check.found or "-")
    if check.advice:
        yield TextLine(f"{'':7} {'':<{_NAME_WIDTH}} ", check.advice)


def _checks(flags: Flags, timeout: float) -> Iterator[Check]:
    """Yield every check as soon as it is known; those that need the network come after the others."""
    yield from _version_checks()
    yield from map(health_checks.file_check, health_facts.files())
    yield from health_checks.store_checks(_inspect())
    terminal = health_facts.terminal()
    yield from health_checks.terminal_checks(terminal)
    try:
        settings = wiring.load_settings(flags)
    except SettingsError as error:
        yield health_checks.failed("settings", error, "Correct it, then run: hottui config validate")
        return
    yield from _setting_checks(settings)
    yield health_checks.notify_check(settings.notify_settings, terminal)
    credentials = health_facts.credentials(settings, timeout)
    yield health_checks.credentials_check(credentials, time.time())
    try:
        context = settings.context()
    except SettingsError as error:
        yield health_checks.failed("location", error, "Correct it; `hottui config show` prints where it is set.")
        return
    if credentials.error is not None:
        yield Check("service", Status.LOOK, "not checked: there is no access key")
        return
    probes = health_facts.calls(settings, context, timeout)
    yield from health_checks.service_checks(host_of(context.endpoint), probes, settings.insight.value)


def _version_checks() -> Iterator[Check]:
    from importlib.metadata import PackageNotFoundError  # noqa: PLC0415 - start-up time: slow, needed only here

    try:
        for line in versions():
            yield Check(line.name, Status.OK, f"{line.value}{f' ({line.remark})' if line.remark else ''}")
    except PackageNotFoundError as error:
        yield Check("installation", Status.BROKEN, f"{error.name} is not installed", "Install hottui again.")


def _inspect() -> "StoreCondition":
    from hottui.store.inspection import inspect, write_error  # noqa: PLC0415 - start-up time: sqlite3

    path = paths.store_path()
    found = inspect(path)
    return found if found.error else replace(found, error=write_error(path))


def _setting_checks(settings: Settings) -> Iterator[Check]:
    for line in location(settings):
        yield Check(
            line.name,
            Status.OK,
            f"{line.value} ({line.remark})" if line.value and line.remark else line.value or line.remark,
        )
    if keys := settings.config.keys:
        problems = wiring.key_problems(settings.config)
        found = f"{len(keys)} of config.toml"
        yield Check("keys", Status.LOOK if problems else Status.OK, found, " ".join(problems))
    theme = settings.theme
    if unknown := wiring.unknown_theme(theme.value):
        yield Check("theme", Status.LOOK, f"{without_secrets(theme.value)} ({theme.origin})", unknown)
    elif theme.value:
        yield Check("theme", Status.OK, f"{theme.value} ({theme.origin})")
