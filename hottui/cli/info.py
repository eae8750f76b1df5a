"""`hottui info`: versions, where files lie, and where hottui would look, with the origin of every setting."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from click.core import ParameterSource

from hottui import __version__, paths
from hottui.cli import wiring
from hottui.cli.exit_codes import DONE, USAGE
from hottui.cli.options import output_option, place_options, screen_options
from hottui.cli.output import emit, json_line, print_error
from hottui.config.settings import (
    DEFAULT_CREDENTIALS,
    DEFAULT_NAMESPACE,
    Flags,
    PlaceMissing,
    Profile,
    Settings,
    SettingsError,
    chosen_profile,
    resolve,
)
from hottui.model.control_characters import visible
from hottui.service.endpoints import PUBLIC

_LIBRARIES: Final = ("textual", "httpx", "pydantic", "click", "alibabacloud-credentials")
_DEFAULT_THEME: Final = "hottui-dark"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing worth knowing: its name, its value, and where the value comes from or what is to be said of it."""

    name: str
    value: str
    remark: str = ""


@click.command()
@output_option
@place_options
@screen_options
def info(output: str, flags: Flags, theme: str, interval: float | None, ascii_only: bool) -> int:  # noqa: ARG001
    """Show versions, where files lie, and where hottui looks with the options given; no secrets.

    Behind each setting stands its origin: an option, a variable, a profile of config.toml, or the default.
    """
    lines = [*_versions(), *_files()]
    missing = ""
    trouble: SettingsError | None = None
    try:
        known = wiring.settings()
        missing = wiring.no_such_theme(theme or known.theme)
        lines += _preferences(known, theme, interval)
        lines += _place(known, flags)
        lines.append(Line("reads from", resolve(known, flags).endpoint))
    except SettingsError as error:
        trouble = error
    _print(lines, output)
    if missing:
        print_error(missing)
    if trouble is not None:
        print_error(trouble.sentence, trouble.hint)
    return DONE if trouble is None or isinstance(trouble, PlaceMissing) else USAGE


def _versions() -> Iterator[Line]:
    import sqlite3  # noqa: PLC0415 - the store's, when it is opened
    from importlib.metadata import version  # noqa: PLC0415 - slow, and needed here alone

    yield Line("hottui", __version__, str(Path(__file__).resolve().parent.parent))
    yield Line("python", platform.python_version(), platform.system())
    for library in _LIBRARIES:
        yield Line(library, version(library))
    yield Line("sqlite", sqlite3.sqlite_version)


def _files() -> Iterator[Line]:
    yield _file("config", paths.config_path())
    yield _file("store", paths.store_path())
    yield _file("themes", paths.bundled_themes_dir())
    yield _file("own themes", paths.user_themes_dir())
    yield _file("crash reports", paths.state_dir())


def _file(name: str, path: Path) -> Line:
    try:
        found = path.stat()
    except FileNotFoundError:
        return Line(name, str(path), "not there")
    except OSError as error:
        return Line(name, str(path), error.strerror or "cannot be seen")
    return Line(name, str(path), "" if path.is_dir() else f"{found.st_size:,} bytes")


def _place(known: Settings, flags: Flags) -> Iterator[Line]:
    """Each setting of the place, before it is checked. Raises SettingsError for a profile that is not there."""
    profile = chosen_profile(known, flags.profile)
    default = "default profile" if known.default_profile else "the only profile"
    yield Line("profile", profile.name, _given("profile") or (f"{default} of config.toml" if profile.name else ""))
    if flags.endpoint or (profile.endpoint and not flags.region):
        yield _setting("endpoint", flags.endpoint, profile)
    else:
        yield _setting("region", flags.region, profile)
        yield _setting("network", flags.network, profile, PUBLIC)
    yield _setting("workspace", flags.workspace, profile)
    yield _setting("namespace", flags.namespace, profile, DEFAULT_NAMESPACE)
    yield _setting("credentials", "", profile, DEFAULT_CREDENTIALS)
    yield from _variables()


def _setting(name: str, given: str, profile: Profile, otherwise: str = "") -> Line:
    if given:
        return Line(name, _shown(given), _given(name))
    of_profile: str = getattr(profile, name)
    if of_profile:
        return Line(name, of_profile, f"profile {profile.name}")
    return Line(name, otherwise, "default" if otherwise else "not set")


def _variables() -> Iterator[Line]:
    """Variables of others that hottui heeds: whether they are set, not what they say."""
    names = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN",
             "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE",
             "NO_COLOR")  # fmt: skip
    found = [name for name in names if os.environ.get(name)]
    yield Line("variables set", " ".join(found), "" if found else "none that hottui heeds")


def _preferences(known: Settings, theme: str, interval: float | None) -> Iterator[Line]:
    """The dashboard's settings, and the store's bounds."""
    every = known.interval if interval is None else interval
    bounds = f"{known.history_days:g} days, {known.history_transitions:,} transitions"
    yield Line("theme", _shown(theme or known.theme or _DEFAULT_THEME), _given("theme") or _origin(known, "theme"))
    yield Line("interval", f"{every:g} s", _given("interval") or _origin(known, "interval"))
    yield Line("history", bounds, _origin(known, "history_days", "history_transitions"))


def _origin(known: Settings, *keys: str) -> str:
    """Where settings come from that no option gave."""
    return "default" if known.written.isdisjoint(keys) else "config.toml"


def _given(name: str) -> str:
    """The option or the variable that gave the parameter `name`; empty when neither did."""
    context = click.get_current_context()
    match context.get_parameter_source(name):
        case ParameterSource.COMMANDLINE:
            return f"option --{name}"
        case ParameterSource.ENVIRONMENT:
            return f"variable HOTTUI_{name.upper()}"
    return ""


def _shown(text: str) -> str:
    """A value as it was given, without a user name, a password or a token that somebody wrote into an address."""
    from hottui.model.masking import mask_text  # noqa: PLC0415

    scheme, there, rest = text.rpartition("://")
    return mask_text(f"{scheme}{there}{rest.rpartition('@')[2]}")


def _print(lines: list[Line], output: str) -> None:
    if output == "json":
        for line in lines:
            emit(json_line({"name": line.name, "value": line.value or None, "remark": line.remark}))
        return
    width = max(len(line.name) for line in lines)
    for line in lines:
        remark = f"  ({line.remark})" if line.remark else ""
        emit(visible(f"{line.name:<{width}}  {line.value or '-'}{remark}"))
