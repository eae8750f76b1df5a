"""Types of the configuration: the contents of `config.toml`, a command's options, and the settings in effect."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from hottui.errors import ExitCode, HottuiError
from hottui.model.control_characters import shorten, visible
from hottui.model.notify_settings import NotifySettings
from hottui.model.ref import InvalidName, Ref, check_name
from hottui.service.endpoints import InvalidEndpoint, check_endpoint, endpoint_for

DEFAULT_NAMESPACE: Final = "default-namespace"
DEFAULT_CREDENTIALS: Final = "default"
DEFAULT_HISTORY_DAYS: Final = 90.0
DEFAULT_HISTORY_TRANSITIONS: Final = 10_000
MAX_HISTORY_DAYS: Final = 36_500
MAX_HISTORY_TRANSITIONS: Final = 1_000_000
COLUMNS: Final = ("state", "for", "label", "change", "effect", "job", "id", "seen")
"""The columns of the dashboard's table, by the names that `--columns` also takes."""
CREDENTIALS_PATTERN: Final = "(|default|environment|aliyun:.+)"
"""The names of credentials sources; empty for the default."""

T = TypeVar("T")


class SettingsError(HottuiError):
    """A setting is invalid or missing."""

    exit_code = ExitCode.USAGE


class LocationMissing(SettingsError):
    """No region (or endpoint) or no workspace is configured; everything that is set is valid."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A table `[profiles.NAME]` of `config.toml`. Empty text means not set."""

    name: str
    region: str = ""
    network: str = ""
    endpoint: str = ""
    workspace: str = ""
    namespace: str = ""
    credentials: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """The contents of `config.toml`. Empty text and None mean not set."""

    path: Path
    profiles: Mapping[str, Profile] = field(default_factory=lambda: MappingProxyType({}))
    default_profile: str = ""
    interval: float | None = None
    theme: str = ""
    history_days: float | None = None
    history_transitions: int | None = None
    insight: bool | None = None
    columns: tuple[str, ...] = ()
    notify: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """The values in `[notify]` that are set: fields of NotifySettings."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """`[keys]`: the keys of commands by their ID."""

    @property
    def default(self) -> str:
        """The profile in effect without -p: the one that is named, or the only one; empty if neither."""
        only = next(iter(self.profiles)) if len(self.profiles) == 1 else ""
        return self.default_profile or only


@dataclass(frozen=True, slots=True)
class Flags:
    """The options of a command, each from the command line or its environment variable. Empty means not given."""

    profile: str = ""
    region: str = ""
    network: str = ""
    endpoint: str = ""
    workspace: str = ""
    namespace: str = ""
    theme: str = ""
    interval: float | None = None
    variables: Set[str] = frozenset()
    """The fields whose value comes from an environment variable."""


LOCATION_OPTIONS: Final = frozenset({"profile", "region", "network", "endpoint", "workspace", "namespace"})
"""The fields of Flags for the location of an ID."""


class Source(Enum):
    """The kind of place a setting comes from."""

    OPTION = "option"
    VARIABLE = "variable"
    PROFILE = "profile"
    CONFIG_FILE = "config.toml"
    DEFAULT = "default"
    NOT_SET = "not set"


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A value and where it comes from; `origin` is the text for the user (`option --region`, `profile prod`)."""

    value: T
    source: Source
    origin: str

    @property
    def explicit(self) -> bool:
        """Whether an option or an environment variable set it."""
        return self.source in {Source.OPTION, Source.VARIABLE}

    @property
    def chosen(self) -> bool:
        """Whether anything but the default set it."""
        return self.source not in {Source.DEFAULT, Source.NOT_SET}


@dataclass(frozen=True, slots=True)
class Context:
    """Where an ID given alone is looked for, and the credentials source to read it with."""

    endpoint: str
    workspace: str
    namespace: str
    credentials: str
    profile: str = ""

    def ref(self, hot_update: str) -> Ref:
        """Return the ref of an ID in this context. Raises InvalidName."""
        return Ref(self.endpoint, self.workspace, self.namespace, check_name(hot_update))


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting in effect, with its origin. The location is not validated before `context`."""

    config: Config
    profile: Setting[str]
    endpoint: Setting[str]
    """Set when an endpoint is used instead of region and network."""
    region: Setting[str]
    network: Setting[str]
    workspace: Setting[str]
    namespace: Setting[str]
    credentials: Setting[str]
    theme: Setting[str]
    interval: Setting[float]
    history_days: Setting[float]
    history_transitions: Setting[int]
    insight: Setting[bool]
    """Whether the job behind a hot update is read, for what it runs with."""
    columns: Setting[tuple[str, ...]]
    """The columns of the dashboard's table, some of COLUMNS."""
    notify: Mapping[str, Setting[Any]]
    """The fields of NotifySettings."""

    @property
    def notify_settings(self) -> NotifySettings:
        """What the user is notified of, and how."""
        return NotifySettings(**{name: setting.value for name, setting in self.notify.items()})

    def location(self) -> Iterator[tuple[str, Setting[str]]]:
        """Yield the name and value of each setting of where to look, before they are validated."""
        yield "profile", self.profile
        if self.endpoint.chosen:
            yield "endpoint", self.endpoint
        else:
            yield "region", self.region
            yield "network", self.network
        yield "workspace", self.workspace
        yield "namespace", self.namespace
        yield "credentials", self.credentials

    def items(self) -> Iterator[tuple[str, Setting[Any]]]:
        """Yield the name and value of each setting in effect, those of `location` first."""
        yield from self.location()
        yield "theme", self.theme
        yield "interval", self.interval
        yield "history_days", self.history_days
        yield "history_transitions", self.history_transitions
        yield "insight", self.insight
        yield "columns", self.columns
        for name, setting in self.notify.items():
            yield f"notify.{name}", setting
        for name, keys in self.config.keys.items():
            yield f"keys.{name}", Setting(keys, Source.CONFIG_FILE, Source.CONFIG_FILE.value)

    def context(self) -> Context:
        """Validate the location and return it. Raises SettingsError; LocationMissing without region or workspace."""
        try:
            endpoint = self._origin()
            if not (endpoint and self.workspace.value):
                raise self._missing(*([] if endpoint else ["region"]), *([] if self.workspace.value else ["workspace"]))
            return Context(
                endpoint=endpoint,
                workspace=check_name(self.workspace.value, "workspace"),
                namespace=check_name(self.namespace.value, "namespace"),
                credentials=self.credentials.value,
                profile=self.profile.value,
            )
        except (InvalidName, InvalidEndpoint) as error:
            raise SettingsError(str(error)) from None

    def _origin(self) -> str:
        """Return the endpoint, computed from region and network where none is set; empty without a region."""
        if self.endpoint.value:
            if self.network.value:
                raise SettingsError(
                    f"--network {visible(self.network.value)} has no effect: "
                    f"profile {quoted(self.profile.value)} sets an endpoint.",
                    "Pass --region too, or omit --network.",
                )
            return check_endpoint(self.endpoint.value)
        if not self.region.value:
            return ""
        return endpoint_for(self.region.value, self.network.value)

    def _missing(self, *names: str) -> LocationMissing:
        """Return the error for the settings `names`, region and workspace or one of them."""
        options = {"region": "--region cn-hangzhou (or --endpoint)", "workspace": "--workspace ID"}
        variables = {"region": "HOTTUI_REGION (or HOTTUI_ENDPOINT)", "workspace": "HOTTUI_WORKSPACE"}
        profiles = "" if self.profile.value else _choice(self.config.profiles)
        return LocationMissing(
            f"No {' and no '.join(names)} configured.",
            f"{profiles}Pass {' and '.join(options[name] for name in names)}, "
            f"set {' and '.join(variables[name] for name in names)}, "
            f"or write a profile to {visible(str(self.config.path))}: hottui config init. "
            "To try hottui without an account: hottui demo.",
        )


def _choice(profiles: Mapping[str, Profile]) -> str:
    """Return a hint with the names of `profiles`; empty when there are none."""
    if not profiles:
        return ""
    names = shorten(" or ".join(map(visible, profiles)), 60)
    return f"Pass --profile {names}, or name a default in config.toml. "


def nearest(name: str, known: Mapping[str, object] | Set[str]) -> str:
    """Return a hint with the known name nearest to `name`; empty when there is none."""
    from difflib import get_close_matches  # noqa: PLC0415 - start-up time: needed for a mistake only

    found = get_close_matches(name, sorted(known), n=1, cutoff=0.0)
    return f"Did you mean {quoted(found[0])}?" if found else ""


def without_secrets(text: str) -> str:
    """Return the value of a setting masked, without a user name, password or token in an address."""
    from hottui.model.masking import mask_text  # noqa: PLC0415 - start-up time: compiles patterns

    scheme, there, rest = text.rpartition("://")
    return mask_text(f"{scheme}{there}{rest.rpartition('@')[2]}")


def quoted(text: str) -> str:
    """Return user-supplied text shortened, with control characters made visible, in quotation marks."""
    return f'"{visible(shorten(text, 60))}"'
