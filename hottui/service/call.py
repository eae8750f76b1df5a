"""One call to the service: an operation, where it goes, and its parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Protocol, TypeAlias, TypeVar

import httpx

from hottui.model.ref import InvalidName, Ref, check_name
from hottui.service.body_decoding import ENCODING, Body
from hottui.service.endpoints import InvalidEndpoint, check_endpoint
from hottui.service.errors import NotFound, Unreachable
from hottui.service.operations import GET_RESULT, Operation

T = TypeVar("T")

_NAMES = {"deploymentId": "deployment ID", "resourceId": "job ID"}
"""The query parameters that must be valid names, and what they are called in messages."""


class Place(Protocol):
    """Where a call goes, and whose credentials sign it. A `Ref` and a `JobRef` are places."""

    @property
    def endpoint(self) -> str:
        """The origin, without a path."""
        ...

    @property
    def workspace(self) -> str:
        """The workspace ID."""
        ...

    @property
    def namespace(self) -> str:
        """The namespace."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `fields` are those of the operation's path apart from the namespace; `asked` names its subject."""

    operation: Operation
    place: Place
    fields: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    asked: str = ""

    def url(self) -> httpx.URL:
        """Return the address. Raises ServiceError for an invalid endpoint or name."""
        return _url_of(self)

    def headers(self) -> dict[str, str]:
        """Return the headers, except those of the signature."""
        return {
            "accept": "application/json",
            "accept-encoding": ENCODING,
            "user-agent": "hottui",
            "workspace": self.place.workspace,
            "x-acs-action": self.operation.action,
            "x-acs-version": self.operation.version,
        }


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response, received at local time `now`. `secrets` must not appear in error messages."""

    status: int
    headers: httpx.Headers
    body: Body
    now: float
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """The value of an answer; when it was received, in seconds since the epoch by the local clock; its request ID."""

    value: T
    at: float
    request_id: str = ""


Parse: TypeAlias = Callable[[Response], tuple[T, str]]
"""Returns the value of a response and the request ID in its body. Raises ServiceError."""


@lru_cache(maxsize=4096)
def result_call(ref: Ref) -> Call:
    """Return the call for the result of the hot update `ref`."""
    return Call(GET_RESULT, ref, (("id", ref.id),), asked=ref.id)


@lru_cache(maxsize=4096)
def _url_of(call: Call) -> httpx.URL:
    place = call.place
    try:
        endpoint = check_endpoint(place.endpoint)
        check_name(place.workspace, "workspace")
        fields = {"namespace": check_name(place.namespace, "namespace")}
        for name, text in call.fields:
            fields[name] = check_name(text, "ID" if name == "id" else name.replace("_id", " ID"))
        for name, text in call.query:
            if name in _NAMES:
                check_name(text, _NAMES[name])
    except InvalidEndpoint as error:
        raise _invalid_endpoint(str(error)) from None
    except InvalidName as error:
        raise NotFound(str(error), hint="Check it and add it again.") from None
    try:
        url = httpx.URL(endpoint + call.operation.target(fields, dict(call.query)))
        _ = url.host
    except (httpx.InvalidURL, UnicodeError):  # valid characters but not a host name, such as `xn--`
        raise _invalid_endpoint(f"The endpoint {endpoint!r} is not a valid address.") from None
    return url


def _invalid_endpoint(message: str) -> Unreachable:
    return Unreachable(message, hint="Check the endpoint in the profile, or remove the bookmark.")
