"""Every setting and its origin, by one precedence.

Precedence: option, profile chosen with -p, environment variable, default profile, default. A profile named by the
variable HOTTUI_PROFILE ranks like the default profile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, TypeVar

from hottui.config.settings import (
    COLUMNS,
    DEFAULT_CREDENTIALS,
    DEFAULT_HISTORY_DAYS,
    DEFAULT_HISTORY_TRANSITIONS,
    DEFAULT_NAMESPACE,
    Config,
    Flags,
    Profile,
    Setting,
    Settings,
    SettingsError,
    Source,
    nearest,
    quoted,
)
from hottui.model.control_characters import visible
from hottui.model.notify_settings import QUIET, NotifySettings
from hottui.model.times import DEFAULT_INTERVAL
from hottui.service.endpoints import PUBLIC, InvalidEndpoint, endpoint_for

T = TypeVar("T")

_ADDRESS: Final = ("region", "network", "endpoint")
_UNSET: Final = Setting("", Source.NOT_SET, Source.NOT_SET.value)


def resolve(config: Config, flags: Flags, *, default_profile: bool = True) -> Settings:
    """Return all settings in effect. Raises SettingsError for a profile that does not exist.

    Without `default_profile` only a profile that `flags` name is used: a filter is not narrowed by a default.
    """
    profile, chosen = _profile(config, flags, default_profile=default_profile)
    layers = _layers(flags, profile)
    endpoint, region, network = _address(layers)
    return Settings(
        config=config,
        profile=chosen,
        endpoint=endpoint,
        region=region,
        network=network,
        workspace=_first(layers, "workspace"),
        namespace=_first(layers, "namespace", DEFAULT_NAMESPACE),
        credentials=_first(layers, "credentials", DEFAULT_CREDENTIALS),
        theme=_preference("theme", flags.theme or None, config.theme or None, "", flags),
        interval=_preference("interval", flags.interval, config.interval, DEFAULT_INTERVAL, flags),
        history_days=_preference("history_days", None, config.history_days, DEFAULT_HISTORY_DAYS, flags),
        history_transitions=_preference(
            "history_transitions", None, config.history_transitions, DEFAULT_HISTORY_TRANSITIONS, flags
        ),
        insight=_preference("insight", None, config.insight, True, flags),
        columns=_preference("columns", None, config.columns or None, COLUMNS, flags),
        notify={
            each.name: _preference(each.name, None, config.notify.get(each.name), getattr(QUIET, each.name), flags)
            for each in fields(NotifySettings)
        },
    )


@dataclass(frozen=True, slots=True)
class _Layer:
    """The location settings of one source; higher layers take precedence."""

    source: Source
    values: Mapping[str, str]
    profile: str = ""

    def setting(self, name: str) -> Setting[str]:
        return Setting(self.values[name], self.source, _origin(self.source, name, self.profile))

    def sets_address(self) -> bool:
        return any(name in self.values for name in _ADDRESS)


def _origin(source: Source, name: str, profile: str = "") -> str:
    match source:
        case Source.OPTION:
            return f"option --{name}"
        case Source.VARIABLE:
            return f"variable HOTTUI_{name.upper()}"
        case Source.PROFILE:
            return f"profile {profile}"
    return str(source.value)


def _profile(config: Config, flags: Flags, *, default_profile: bool) -> tuple[Profile, Setting[str]]:
    """Return the profile in effect and how it was chosen: by name, as the default one, or as the only one."""
    if flags.profile:
        source = Source.VARIABLE if "profile" in flags.variables else Source.OPTION
        return _named(config, flags.profile), Setting(flags.profile, source, _origin(source, "profile"))
    if default_profile and config.default:
        how = "default" if config.default_profile else "only"
        chosen = Setting(config.default, Source.CONFIG_FILE, f"{how} profile in config.toml")
        return _named(config, config.default), chosen
    return Profile(""), _UNSET


def _named(config: Config, name: str) -> Profile:
    if name in config.profiles:
        return config.profiles[name]
    raise SettingsError(
        f"No profile {quoted(name)} in {visible(str(config.path))}.",
        nearest(name, config.profiles) or f"Add a table [profiles.{visible(name)}] to it.",
    )


def location_of(profile: Profile) -> tuple[str, str, str, str]:
    """Return the endpoint, workspace, namespace and credentials source of a profile.

    The endpoint is empty when the profile sets none, or an invalid one.
    """
    try:
        endpoint = profile.endpoint
        if not endpoint and profile.region:
            endpoint = endpoint_for(profile.region, profile.network or PUBLIC)
    except InvalidEndpoint:
        endpoint = ""
    namespace = profile.namespace or DEFAULT_NAMESPACE
    return endpoint, profile.workspace, namespace, profile.credentials or DEFAULT_CREDENTIALS


def _layers(flags: Flags, profile: Profile) -> tuple[_Layer, ...]:
    """Return the sources of location settings in order of precedence."""
    given = _set_fields(flags, *_ADDRESS, "workspace", "namespace")
    options = _Layer(Source.OPTION, {name: value for name, value in given.items() if name not in flags.variables})
    variables = _Layer(Source.VARIABLE, {name: value for name, value in given.items() if name in flags.variables})
    values = _set_fields(profile, *_ADDRESS, "workspace", "namespace", "credentials")
    of_profile = _Layer(Source.PROFILE, values, profile.name)
    if flags.profile and "profile" not in flags.variables:
        return options, of_profile, variables
    return options, variables, of_profile


def _set_fields(values: Flags | Profile, *names: str) -> dict[str, str]:
    return {name: value for name in names if (value := getattr(values, name))}


def _first(layers: tuple[_Layer, ...], name: str, default: str = "") -> Setting[str]:
    """Return the setting from the first layer that has it, else the default."""
    for layer in layers:
        if name in layer.values:
            return layer.setting(name)
    return Setting(default, Source.DEFAULT, Source.DEFAULT.value) if default else _UNSET


def _address(layers: tuple[_Layer, ...]) -> tuple[Setting[str], Setting[str], Setting[str]]:
    """Return endpoint, region and network.

    The first layer with an endpoint or a region decides which of both is used, the endpoint first. A network given in
    a higher layer rules out an endpoint: it needs a region. A profile chosen with -p that sets any of the three
    ignores the variables of all three. A network that cannot apply, because the profile has an endpoint and no region,
    is returned beside the endpoint: `Settings.context` rejects that.
    """
    if layers[1].source is Source.PROFILE and layers[1].sets_address():
        layers = layers[:2]
    unusable = _UNSET
    for index, layer in enumerate(layers):
        network_given = any("network" in higher.values for higher in layers[:index])
        if "endpoint" in layer.values and not network_given:
            return layer.setting("endpoint"), _UNSET, _UNSET
        if "region" in layer.values:
            return _UNSET, layer.setting("region"), _first(layers, "network", PUBLIC)
        if "endpoint" in layer.values and layer.source is Source.PROFILE:
            unusable = layer.setting("endpoint")
    return unusable, _UNSET, _first(layers, "network", "" if unusable.value else PUBLIC)


def _preference(name: str, given: T | None, configured: T | None, default: T, flags: Flags) -> Setting[T]:
    if given is not None:
        source = Source.VARIABLE if name in flags.variables else Source.OPTION
        return Setting(given, source, _origin(source, name))
    if configured is not None:
        return Setting(configured, Source.CONFIG_FILE, Source.CONFIG_FILE.value)
    return Setting(default, Source.DEFAULT, Source.DEFAULT.value)
