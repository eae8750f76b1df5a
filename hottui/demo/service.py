"""The emulated service as an ASGI application that the vendor's SDK can call.

It implements the calls that hottui makes, behind the gateway's checks and optional fault injection.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote

from hottui.demo.asgi import Receive, Reply, Request, Scope, Send, read_request, send_reply
from hottui.demo.fault_injection import Fault, Throttling, chaotic, delayed, faulty, rationed
from hottui.demo.gateway import Account, Gateway, Refused, not_permitted, refusal
from hottui.demo.jobs import RESULTS_ONLY
from hottui.demo.request_counters import Counters, counted
from hottui.demo.result import QUOTES
from hottui.demo.simulation import Simulation
from hottui.service.operations import GET_RESULT, OPERATIONS, Operation

if TYPE_CHECKING:
    from hottui.demo.job_endpoints import JobCalls

ACCESS_KEY_ID: Final = "demo-access-key"
ACCESS_KEY_SECRET: Final = "demo-not-a-secret"  # noqa: S105 - valid for the demo only


class DemoService:
    """Answers the calls of `service.operations` from a simulation.

    `quota` is in requests per second (None: unlimited), `latency` in seconds per request, `chaos` is the probability of
    a fault, seeded with `chaos_seed`. `faults` maps an action to the fault that every such request meets; it may be
    changed while the service runs. `accounts` are additional access keys. Requests are counted in `counters`.
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
        faults: Mapping[str, Fault] | None = None,
    ) -> None:
        self.simulation = simulation
        self.counters = Counters()
        self._answered = 0
        self._gateway = Gateway((Account(access_key_id, access_key_secret), *accounts), simulation.clock)
        self.faults = dict(faults or {})
        handler = faulty(self._answer, self.faults, self._request_id)
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

    @cached_property
    def _job_calls(self) -> "JobCalls":
        from hottui.demo.job_endpoints import JobCalls  # noqa: PLC0415 - start-up time: not needed for results

        return JobCalls(self.simulation)

    async def _answer(self, request: Request) -> Reply:
        request_id = self._request_id()
        try:
            operation, fields = _route(request)
            self._gateway.check(request)
            if operation is not GET_RESULT and request.headers.get("workspace") == RESULTS_ONLY:
                raise not_permitted()
        except Refused as refused:
            return refusal(refused, request, request_id)
        return _reply(self._envelope(operation, fields, request), request_id)

    def _envelope(self, operation: Operation, fields: Mapping[str, str], request: Request) -> dict[str, Any]:
        workspace = request.headers.get("workspace", "")
        if not workspace:
            return _no(400, "MissingWorkspace", "Required request header 'workspace' is not present.")
        if operation is GET_RESULT:
            return self._result(workspace, fields["namespace"], fields["id"])
        from hottui.demo.job_endpoints import JobCall, NotAnswered  # noqa: PLC0415 - start-up time: not needed for results

        query = dict(parse_qsl(request.query, keep_blank_values=True))
        try:
            answer = self._job_calls.answer(JobCall(operation.action, workspace, fields, query))
        except NotAnswered as no:
            return _no(no.http_code, no.code, no.message)
        return {**_YES, **answer}

    def _result(self, workspace: str, namespace: str, hot_update_id: str) -> dict[str, Any]:
        if self.simulation.denies(workspace, namespace, hot_update_id):
            return _no(403, "NoPermission", f"The user has no permission on namespace {namespace}.")
        data = self.simulation.result(workspace, namespace, hot_update_id)
        if data is None:
            return {**_no(404, "HotUpdateNotFound", f"The hot update {hot_update_id} does not exist."), "data": {}}
        return {**_YES, "data": data}

    def _request_id(self) -> str:
        self._answered += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.simulation.seed} {self._answered}")).upper()


def _route(request: Request) -> tuple[Operation, dict[str, str]]:
    """Return the operation and the fields of the request's path. Raises Refused."""
    found = next(
        ((operation, fields) for operation in OPERATIONS if (fields := operation.match(request.path)) is not None), None
    )
    if found is None:
        raise _unknown()
    if request.method != "GET":
        raise Refused(405, "UnsupportedHTTPMethod", "This http method is not supported.")
    operation, fields = found
    action, version = request.headers.get("x-acs-action"), request.headers.get("x-acs-version")
    if action not in {None, operation.action} or version not in {None, operation.version}:
        raise _unknown()
    return operation, {name: unquote(text) for name, text in fields.items()}


def _unknown() -> Refused:
    return Refused(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")


_YES: Final = {"success": True, "httpCode": 200, "errorCode": QUOTES, "errorMessage": QUOTES}


def _no(http_code: int, code: str, message: str) -> dict[str, Any]:
    return {"success": False, "httpCode": http_code, "errorCode": code, "errorMessage": message, "data": None}


def _reply(envelope: dict[str, Any], request_id: str) -> Reply:
    body = json.dumps({"requestId": request_id, **envelope}, ensure_ascii=False).encode()
    code = "" if envelope["success"] else envelope["errorCode"]
    return Reply(200, body, headers=(("x-acs-request-id", request_id),), code=code)
