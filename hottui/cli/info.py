"""`hottui info`: versions, paths, and every setting in effect with its origin."""

import os
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from hottui import __version__, paths
from hottui.cli import wiring
from hottui.cli.options import dashboard_options, location_options, output_option
from hottui.cli.output import emit, json_line, print_error
from hottui.config.settings import Flags, LocationMissing, Settings, SettingsError, Source, without_secrets
from hottui.errors import ExitCode
from hottui.model.control_characters import visible
from hottui.render.ages import age

_LIBRARIES: Final = ("textual", "httpx", "pydantic", "click", "alibabacloud-credentials")
_DEFAULT_THEME: Final = "hottui-dark"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the output: a name, its value, and where the value comes from or a remark."""

    name: str
    value: str
    remark: str = ""


@click.command()
@output_option
@location_options
@dashboard_options
def info(output: str, flags: Flags, ascii_only: bool) -> int:  # noqa: ARG001
    """Show versions, paths, and every setting with its origin; no secrets.

    Precedence: option, profile chosen with -p, environment variable, default profile.

    \b
    Example:
      hottui info -p prod
    """
    lines = [*versions(), *_files()]
    unknown_theme = ""
    trouble: SettingsError | None = None
    try:
        settings = wiring.load_settings(flags)
        unknown_theme = wiring.unknown_theme(settings.theme.value)
        lines += _preferences(settings)
        lines += location(settings)
        lines.append(Line("reads from", settings.context().endpoint))
    except SettingsError as error:
        trouble = error
    _print(lines, output)
    if unknown_theme:
        print_error(unknown_theme)
    if trouble is not None:
        print_error(trouble.message, trouble.hint)
    return ExitCode.OK if trouble is None or isinstance(trouble, LocationMissing) else ExitCode.USAGE


def versions() -> Iterator[Line]:
    import sqlite3  # noqa: PLC0415 - start-up time: not needed for the help
    from importlib.metadata import version  # noqa: PLC0415 - start-up time: slow, needed only here

    yield Line("hottui", __version__, str(Path(__file__).resolve().parent.parent))
    yield Line("python", platform.python_version(), platform.system())
    for library in _LIBRARIES:
        yield Line(library, version(library))
    yield Line("sqlite", sqlite3.sqlite_version)


def _files() -> Iterator[Line]:
    yield _file("config", paths.config_path())
    yield _file("store", paths.store_path())
    yield _file("themes", paths.bundled_themes_dir())
    yield _file("user themes", paths.user_themes_dir())
    yield _file("crash reports", paths.state_dir())


def _file(name: str, path: Path) -> Line:
    try:
        found = path.stat()
    except FileNotFoundError:
        return Line(name, str(path), "does not exist")
    except OSError as error:
        return Line(name, str(path), error.strerror or "not accessible")
    return Line(name, str(path), "" if path.is_dir() else f"{found.st_size:,} bytes")


def location(settings: Settings) -> Iterator[Line]:
    """Yield the settings of where to look, before they are validated, and which variables are set."""
    for name, setting in settings.location():
        yield Line(name, without_secrets(setting.value), setting.origin)
    yield from _variables()


def _variables() -> Iterator[Line]:
    """Yield which other environment variables that hottui uses are set, without their values."""
    names = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN",
             "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE",
             "NO_COLOR")  # fmt: skip
    found = [name for name in names if os.environ.get(name)]
    yield Line("variables set", " ".join(found), "" if found else "no others that hottui uses")


def _preferences(settings: Settings) -> Iterator[Line]:
    """Yield the settings of the dashboard and of the store."""
    days, transitions = settings.history_days, settings.history_transitions
    bounds = f"{days.value:g} days, {transitions.value:,} transitions"
    yield Line("theme", without_secrets(settings.theme.value or _DEFAULT_THEME), settings.theme.origin)
    yield Line("interval", f"{settings.interval.value:g} s", settings.interval.origin)
    if settings.columns.chosen:
        yield Line("columns", " ".join(settings.columns.value), settings.columns.origin)
    yield Line("insight", "on" if settings.insight.value else "off", settings.insight.origin)
    notify = settings.notify_settings
    origin = next((each.origin for each in settings.notify.values() if each.chosen), Source.DEFAULT.value)
    yield Line("notifications", notify.text, origin)
    yield from _permissions()
    yield Line("history", bounds, (days if days.source is Source.CONFIG_FILE else transitions).origin)


def _permissions() -> Iterator[Line]:
    """Yield what the service granted and denied when it was tried last, for each namespace that hottui has read in."""
    from hottui.store.inspection import saved_permissions  # noqa: PLC0415 - start-up time: needed only here
    from hottui.store.jobs import SavedPermission  # noqa: PLC0415 - as above

    by_namespace: dict[tuple[str, str], list[SavedPermission]] = {}
    for each in saved_permissions(paths.store_path()):
        by_namespace.setdefault((each.namespace, each.account), []).append(each)
    if not by_namespace:
        yield Line("permitted", "not known", "no job was read yet")
    now = time.time()
    for (namespace, account), permissions in by_namespace.items():
        for granted, name in ((True, "permitted"), (False, "not permitted")):
            found = [each for each in permissions if each.granted is granted]
            if found:
                tried = age(now - max(each.at for each in found))
                yield Line(name, ", ".join(each.action for each in found), f"{namespace}, {account}, {tried} ago")


def _print(lines: list[Line], output: str) -> None:
    if output == "json":
        for line in lines:
            emit(json_line({"name": line.name, "value": line.value or None, "remark": line.remark}))
        return
    width = max(len(line.name) for line in lines)
    for line in lines:
        remark = f"  ({line.remark})" if line.remark else ""
        emit(visible(f"{line.name:<{width}}  {line.value or '-'}{remark}"))
