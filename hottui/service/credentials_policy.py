"""Which credentials a ref is read with, and which endpoints may receive any.

Credentials go only to Alibaba Cloud hosts and to endpoints that the user configured: a bookmark imported from someone
else's export may name any host.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hottui.service.credentials import Credentials, CredentialsSource, source_for
from hottui.service.errors import CredentialsMissing

if TYPE_CHECKING:
    from hottui.service.call import Place

_ALIBABA_CLOUD_ENDPOINT: Final = re.compile(
    r"https://ververica(?:-vpc)?\.(?:cn|ap|eu|us|me|na|sa|af)-[a-z]{2,20}(?:-[a-z0-9]{1,12}){0,4}\.aliyuncs\.com"
)


def is_alibaba_cloud_endpoint(endpoint: str) -> bool:
    """Return whether `endpoint` is the service itself in some region, as `endpoint_for` writes it.

    Other hosts below aliyuncs.com belong to customers: buckets, functions, gateways.
    """
    return _ALIBABA_CLOUD_ENDPOINT.fullmatch(endpoint) is not None


@dataclass(frozen=True, slots=True)
class CredentialsScope:
    """An endpoint and workspace that the user configured, and the credentials source for them."""

    endpoint: str
    workspace: str
    namespace: str
    credentials: str


class CredentialsPolicy:
    """Chooses the credentials source for each ref.

    `current` is the location of this command, `scopes` are those of the profiles, and `endpoint` is one named by an
    option or a variable, which counts without a workspace, too.
    """

    def __init__(
        self, scopes: Iterable[CredentialsScope], current: CredentialsScope | None, endpoint: str, default: str
    ) -> None:
        self._scopes = tuple(scopes)
        self._current = current
        self._endpoints = {current.endpoint if current else "", endpoint} - {""}
        self._default = default
        self._sources: dict[str, CredentialsSource] = {}

    def credentials_for(self, ref: "Place") -> str | None:
        """Return the name of the credentials source for `ref`; None when its endpoint may not receive credentials.

        The current location comes first, then a profile with the same endpoint and workspace (the namespace breaks a
        tie), then the credentials of the current location, or the default ones.
        """
        wanted = (ref.endpoint, ref.workspace)
        if self._current and (self._current.endpoint, self._current.workspace) == wanted:
            return self._current.credentials
        matching = [scope for scope in self._scopes if (scope.endpoint, scope.workspace) == wanted]
        if matching:
            return min(matching, key=lambda scope: scope.namespace != ref.namespace).credentials
        if ref.endpoint in self._endpoints or is_alibaba_cloud_endpoint(ref.endpoint):
            return self._current.credentials if self._current else self._default
        return None

    def source_for(self, ref: "Place") -> CredentialsSource:
        """Return the credentials source to read `ref` with, the same object for the same name."""
        name = self.credentials_for(ref)
        if name is None:
            return _Withheld(ref.endpoint)
        if name not in self._sources:
            self._sources[name] = source_for(name)
        return self._sources[name]


class _Withheld:
    """The credentials source of an endpoint that may not receive credentials."""

    name: Final = "no credentials"

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    async def get(self) -> Credentials:
        """Raise CredentialsMissing."""
        raise CredentialsMissing(
            f"No credentials are sent to {self._endpoint}: it is neither an Alibaba Cloud host nor configured.",
            hint="To read from it, add a profile with this endpoint and workspace to config.toml.",
        )

    def forget(self) -> None:
        """Do nothing."""

    def changed(self) -> bool:
        """Return False: settings are read at start-up only."""
        return False
