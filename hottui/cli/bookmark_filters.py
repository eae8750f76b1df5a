"""Filter bookmarks by the location that options name, as far as they name one."""

from collections.abc import Iterable
from itertools import product

from hottui.config.settings import Setting, Settings, SettingsError
from hottui.model.ref import InvalidName, Ref, check_name
from hottui.service.endpoints import NETWORKS, REGIONS, InvalidEndpoint, check_endpoint, endpoint_for


def matching(refs: Iterable[Ref], settings: Settings) -> tuple[Ref, ...]:
    """Return those of `refs` that `settings` do not exclude; defaults exclude nothing. Raises SettingsError."""
    try:
        endpoints = _endpoints(settings)
        workspaces = _names(settings.workspace, "workspace")
        namespaces = _names(settings.namespace, "namespace")
    except (InvalidEndpoint, InvalidName) as error:
        raise SettingsError(str(error)) from None
    return tuple(
        ref
        for ref in refs
        if (endpoints is None or ref.endpoint in endpoints)
        and (workspaces is None or ref.workspace in workspaces)
        and (namespaces is None or ref.namespace in namespaces)
    )


def _names(setting: Setting[str], what: str) -> set[str] | None:
    """Return the accepted names; None for any."""
    return {check_name(setting.value, what)} if setting.chosen else None


def _endpoints(settings: Settings) -> set[str] | None:
    """Return the accepted endpoints; None for any.

    A region without a network stands for both networks, a network without a region for all regions. Raises
    InvalidEndpoint.
    """
    region, network = settings.region, settings.network
    if settings.endpoint.chosen and not network.chosen:
        return {check_endpoint(settings.endpoint.value)}
    if not region.chosen and not network.chosen:
        return None
    regions = [region.value] if region.chosen else REGIONS
    networks = [network.value] if network.chosen else NETWORKS
    return {endpoint_for(*address) for address in product(regions, networks)}
