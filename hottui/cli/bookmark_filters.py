"""Which of the bookmarks lie at the place that the options name, as far as they name one."""

from collections.abc import Iterable
from itertools import product

from hottui.config.settings import Flags, Profile, Settings, SettingsError, chosen_profile
from hottui.model.ref import InvalidName, Ref, check_name
from hottui.service.endpoints import NETWORKS, REGIONS, InvalidEndpoint, check_endpoint, endpoint_for


def at_place(refs: Iterable[Ref], known: Settings, flags: Flags) -> tuple[Ref, ...]:
    """Those of `refs` that `flags` do not rule out; a profile counts when it is named. Raises SettingsError."""
    profile = chosen_profile(known, flags.profile) if flags.profile else Profile("")
    try:
        origins = _origins(flags, profile)
        workspaces = _names(flags.workspace or profile.workspace, "workspace")
        namespaces = _names(flags.namespace or profile.namespace, "namespace")
    except (InvalidEndpoint, InvalidName) as error:
        raise SettingsError(str(error)) from None
    return tuple(
        ref
        for ref in refs
        if _allows(origins, ref.endpoint) and _allows(workspaces, ref.workspace) and _allows(namespaces, ref.namespace)
    )


def _allows(wanted: set[str], found: str) -> bool:
    """Whether `found` is one of those wanted; the empty text stands for any."""
    return found in wanted or "" in wanted


def _names(name: str, what: str) -> set[str]:
    return {check_name(name, what)} if name else {""}


def _origins(flags: Flags, profile: Profile) -> set[str]:
    """The endpoints that are meant: of a region both networks' unless one is named, of a network all regions'.

    Raises InvalidEndpoint.
    """
    if flags.endpoint:
        return {check_endpoint(flags.endpoint)}
    if profile.endpoint and not flags.region and not flags.network:
        return {profile.endpoint}
    region, network = flags.region or profile.region, flags.network or profile.network
    if not region and not network:
        return {""}
    return {endpoint_for(*way) for way in product([region] if region else REGIONS, [network] if network else NETWORKS)}
