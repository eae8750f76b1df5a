"""The emulated service as an ASGI application that the vendor's SDK can call.

It implements the one call that hottui makes, behind the gateway's checks and optional fault injection.
"""

import json
import uuid
from collections.abc import Iterable
from email.utils import formatdate
from random import Random
from typing import Any, Final
from urllib.parse import unquote

from hottui.demo.asgi import Handler, Receive, Reply, Request, Scope, Send, read_request, send_reply
from hottui.demo.fault_injection import Throttling, chaotic, delayed, rationed
from hottui.demo.gateway import Account, Gateway, Refused, refusal
from hottui.demo.request_counters import Counters, counted
from hottui.demo.result import QUOTES
from hottui.demo.simulation import Simulation

ACCESS_KEY_ID: Final = "demo-access-key"
ACCESS_KEY_SECRET: Final = "demo-not-a-secret"  # noqa: S105 - valid for the demo only
ACTION: Final = "GetHotUpdateJobResult"
VERSION: Final = "2022-07-18"

_PREFIX: Final = "/api/v2/namespaces/"
_MIDDLE: Final = "/jobs/hot-updates/"


class DemoService:
    """Answers `GetHotUpdateJobResult` from a simulation.

    `quota` is in requests per second (None: unlimited), `latency` in seconds per request, `chaos` is the probability of
    a fault, seeded with `chaos_seed`. `accounts` are additional access keys. Requests are counted in `counters`.
    """

    def __init__(
        self,
        simulation: Simulation,
        *,
        access_key_id: str = ACCESS_KEY_ID,
        access_key_secret: str = ACCESS_KEY_SECRET,
        accounts: Iterable[Account] = (),
        quota: float | None = None,
        throttling: Throttling | None = None,
        latency: float = 0.0,
        chaos: float = 0.0,
        chaos_seed: int = 0,
    ) -> None:
        self.simulation = simulation
        self.counters = Counters()
        self._answered = 0
        self._gateway = Gateway((Account(access_key_id, access_key_secret), *accounts), simulation.clock)
        handler: Handler = self._answer
        if chaos:
            rng = Random(chaos_seed)  # noqa: S311 - faults, not cryptography
            handler = chaotic(handler, chaos, rng, self._request_id)
        if quota is not None:
            handler = rationed(handler, quota, throttling or Throttling(), self._request_id)
        if latency:
            handler = delayed(handler, latency)
        self._handle = counted(handler, self.counters)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope; only `http` is supported."""
        if scope["type"] != "http":
            raise NotImplementedError(f"the demo service does not support {scope['type']}")
        reply = await self._handle(await read_request(scope, receive))
        date = ("date", formatdate(self.simulation.clock(), usegmt=True))
        await send_reply(Reply(reply.status, reply.body, reply.content_type, (date, *reply.headers)), send)

    async def _answer(self, request: Request) -> Reply:
        request_id = self._request_id()
        try:
            namespace, hot_update_id = _route(request)
            self._gateway.check(request)
        except Refused as refused:
            return refusal(refused, request, request_id)
        return _reply(self._envelope(request.headers.get("workspace", ""), namespace, hot_update_id), request_id)

    def _envelope(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any]:
        if not workspace:
            return _no(400, "MissingWorkspace", "Required request header 'workspace' is not present.")
        if self.simulation.denies(workspace, namespace, hot_update_id):
            return _no(403, "NoPermission", f"The user has no permission on namespace {namespace}.")
        data = self.simulation.result(workspace, namespace, hot_update_id)
        if data is None:
            return {**_no(404, "HotUpdateNotFound", f"The hot update {hot_update_id} does not exist."), "data": {}}
        return {"success": True, "httpCode": 200, "errorCode": QUOTES, "errorMessage": QUOTES, "data": data}

    def _request_id(self) -> str:
        self._answered += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.simulation.seed} {self._answered}")).upper()


def _route(request: Request) -> tuple[str, str]:
    """Return namespace and ID of the request. Raises Refused."""
    namespace, middle, hot_update_id = request.path.removeprefix(_PREFIX).partition(_MIDDLE)
    known = request.path.startswith(_PREFIX) and middle and namespace and hot_update_id
    if not known or "/" in namespace or "/" in hot_update_id:
        raise Refused(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
    if request.method != "GET":
        raise Refused(405, "UnsupportedHTTPMethod", "This http method is not supported.")
    asked = (request.headers.get("x-acs-action", ACTION), request.headers.get("x-acs-version", VERSION))
    if asked != (ACTION, VERSION):
        raise Refused(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
    return unquote(namespace), unquote(hot_update_id)


def _no(http_code: int, code: str, message: str) -> dict[str, Any]:
    return {"success": False, "httpCode": http_code, "errorCode": code, "errorMessage": message, "data": None}


def _reply(envelope: dict[str, Any], request_id: str) -> Reply:
    body = json.dumps({"requestId": request_id, **envelope}, ensure_ascii=False).encode()
    code = "" if envelope["success"] else envelope["errorCode"]
    return Reply(200, body, headers=(("x-acs-request-id", request_id),), code=code)
