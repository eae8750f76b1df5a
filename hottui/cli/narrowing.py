"""Which of the bookmarks lie at the place that the options name, as far as they name one."""

from collections.abc import Iterable

from hottui.model.ref import Ref
from hottui.service.endpoints import NETWORKS, InvalidEndpoint, check_endpoint, endpoint_for
from hottui.settings import Flags, Profile, Settings, SettingsError, chosen_profile


def at_place(refs: Iterable[Ref], known: Settings, flags: Flags) -> tuple[Ref, ...]:
    """Those of `refs` that `flags` do not rule out; a profile counts when it is named. Raises SettingsError."""
    profile = chosen_profile(known, flags.profile) if flags.profile else Profile("")
    workspaces = {flags.workspace or profile.workspace}
    namespaces = {flags.namespace or profile.namespace}
    try:
        origins = _origins(flags, profile)
    except InvalidEndpoint as error:
        raise SettingsError(str(error)) from None
    return tuple(
        ref
        for ref in refs
        if _allows(origins, ref.endpoint) and _allows(workspaces, ref.workspace) and _allows(namespaces, ref.namespace)
    )


def _allows(wanted: set[str], found: str) -> bool:
    """Whether `found` is one of those wanted; the empty text stands for any."""
    return found in wanted or "" in wanted


def _origins(flags: Flags, profile: Profile) -> set[str]:
    """The endpoints that are meant; of a region both networks', unless one is named. Raises InvalidEndpoint."""
    if flags.endpoint:
        return {check_endpoint(flags.endpoint)}
    region = flags.region or profile.region
    if profile.endpoint and not flags.region:
        return {profile.endpoint}
    network = flags.network or profile.network
    return {endpoint_for(region, each) for each in NETWORKS if network in ("", each)} if region else {""}
