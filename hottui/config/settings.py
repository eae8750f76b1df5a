"""What the user set: profiles and preferences, and where that leads. The file they come from is `configfile`'s."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from hottui.model.control_characters import shorten, visible
from hottui.model.ref import InvalidName, Ref, check_name
from hottui.service.endpoints import InvalidEndpoint, check_endpoint, endpoint_for, is_vendor_endpoint

DEFAULT_NAMESPACE: Final = "default-namespace"
DEFAULT_CREDENTIALS: Final = "default"


class SettingsError(Exception):
    """A setting that is wrong or missing: `sentence` says what and where, `hint` what to do next."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class PlaceMissing(SettingsError):
    """Nothing is wrong with what is set, but it does not say where to look."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A named place to look at, and the credentials for it. Empty is not given."""

    name: str
    region: str = ""
    network: str = ""
    endpoint: str = ""
    workspace: str = ""
    namespace: str = ""
    credentials: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `config.toml` says, the defaults filled in."""

    path: Path
    profiles: Mapping[str, Profile] = field(default_factory=lambda: MappingProxyType({}))
    default_profile: str = ""
    interval: float = 2.0
    """Seconds between two reads of a hot update in progress."""
    theme: str = ""
    """The name of a theme; empty is hottui's own choice."""
    history_days: float = 90
    history_transitions: int = 10_000
    written: Set[str] = frozenset()
    """The keys, profiles apart, that stand in the file: a value equal to the default may be the user's own."""


@dataclass(frozen=True, slots=True)
class Flags:
    """The options of the command line, the environment already merged in. Empty is not given."""

    profile: str = ""
    region: str = ""
    network: str = ""
    endpoint: str = ""
    workspace: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Where an ID given alone is looked for, and with whose credentials."""

    endpoint: str
    workspace: str
    namespace: str
    credentials: str
    profile: str = ""

    def ref(self, hot_update: str) -> Ref:
        """The ref of an ID in this context. Raises InvalidName."""
        return Ref(self.endpoint, self.workspace, self.namespace, check_name(hot_update))


def resolve(settings: Settings, flags: Flags) -> Context:
    """Where to look and with which credentials: the options first, then the chosen profile.

    Raises SettingsError; PlaceMissing when region or workspace are not set.
    """
    profile = chosen_profile(settings, flags.profile)
    workspace = flags.workspace or profile.workspace
    try:
        endpoint = _endpoint(settings, flags, profile)
        if not workspace:
            raise PlaceMissing(
                "No workspace is given.",
                "Give --workspace, set HOTTUI_WORKSPACE, or write `workspace` into a profile in "
                f"{visible(str(settings.path))}.",
            )
        return Context(
            endpoint=endpoint,
            workspace=check_name(workspace, "workspace"),
            namespace=check_name(flags.namespace or profile.namespace or DEFAULT_NAMESPACE, "namespace"),
            credentials=profile.credentials or DEFAULT_CREDENTIALS,
            profile=profile.name,
        )
    except (InvalidName, InvalidEndpoint) as error:
        raise SettingsError(str(error)) from None


def credentials_for(ref: Ref, settings: Settings, chosen: Context | None = None, named: str = "") -> str | None:
    """The credentials to read `ref` with: those of `chosen` when it leads there, else of the profile that does.

    A profile leads to a ref when endpoint and workspace are the same; the namespace breaks a tie. Without any, the
    credentials of `chosen` (or the default ones) go to the service's own hosts, to the endpoint of `chosen`, and to the
    one `named` by an option, which counts without a workspace, too. None means that nothing may be sent to this ref's
    endpoint, which an imported bookmark may have brought in. Raises InvalidEndpoint when `named` is none.
    """
    if chosen and (chosen.endpoint, chosen.workspace) == (ref.endpoint, ref.workspace):
        return chosen.credentials
    fitting = [profile for profile in settings.profiles.values() if _leads_to(profile, ref)]
    fitting.sort(key=lambda profile: (profile.namespace or DEFAULT_NAMESPACE) != ref.namespace)
    if fitting:
        return fitting[0].credentials or DEFAULT_CREDENTIALS
    wanted = {chosen.endpoint if chosen else "", check_endpoint(named) if named else ""}
    if ref.endpoint in wanted or is_vendor_endpoint(ref.endpoint):
        return chosen.credentials if chosen else DEFAULT_CREDENTIALS
    return None


def _leads_to(profile: Profile, ref: Ref) -> bool:
    try:
        origin = profile.endpoint or (profile.region and endpoint_for(profile.region, profile.network or "public"))
    except InvalidEndpoint:
        return False
    return (origin, profile.workspace) == (ref.endpoint, ref.workspace)


def chosen_profile(settings: Settings, name: str) -> Profile:
    """The profile asked for, else the default one, else the only one, else one that says nothing.

    Raises SettingsError when there is none of that name.
    """
    name = name or settings.default_profile
    if not name:
        return next(iter(settings.profiles.values())) if len(settings.profiles) == 1 else Profile("")
    if name in settings.profiles:
        return settings.profiles[name]
    where = visible(str(settings.path))
    raise SettingsError(
        f"There is no profile {quoted(name)} in {where}.",
        nearest(name, settings.profiles) or f"Add a table [profiles.{visible(name)}] to it.",
    )


def _endpoint(settings: Settings, flags: Flags, profile: Profile) -> str:
    """The origin: an option wins over the profile, an endpoint over a region given at the same place."""
    if flags.endpoint:
        return check_endpoint(flags.endpoint)
    if profile.endpoint and not flags.region:
        if flags.network and not profile.region:
            raise network_alone(flags, profile)
        if not flags.network:
            return profile.endpoint
    region = flags.region or profile.region
    if not region:
        raise PlaceMissing(
            "No region is given.",
            "Give --region (for example cn-hangzhou) or --endpoint, set HOTTUI_REGION or HOTTUI_ENDPOINT, "
            f"or write `region` into a profile in {visible(str(settings.path))}.",
        )
    return endpoint_for(region, flags.network or profile.network or "public")


def network_alone(flags: Flags, profile: Profile) -> SettingsError:
    """What is wrong with naming a network beside a profile that gives an endpoint and no region."""
    return SettingsError(
        f"--network {visible(flags.network)} says nothing: profile {quoted(profile.name)} gives an endpoint.",
        "Give --region too, or leave --network out.",
    )


def nearest(name: str, known: Mapping[str, object] | Set[str]) -> str:
    """A sentence with the known name nearest to `name`; empty when none is known."""
    from difflib import get_close_matches  # noqa: PLC0415 — needed for a mistake alone

    found = get_close_matches(name, sorted(known), n=1, cutoff=0.0)
    return f"The nearest one is {quoted(found[0])}." if found else ""


def quoted(text: str) -> str:
    """A text of the user's, quoted, cut and made visible for a sentence."""
    return f'"{visible(shorten(text, 60))}"'
