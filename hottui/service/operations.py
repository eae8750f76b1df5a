"""The calls of the service that hottui makes: action, path and query of each. All of them read.

Source: the vendor's SDK (API 2022-07-18), which the tests compare this with. The RAM permission of a call is `stream:`
and its action.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from hottui.service.signing import canonical_query, percent_encode

VERSION: Final = "2022-07-18"

_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One call. `path` is a template with the fields it needs; `query` are the parameters it takes, sent or not.

    `reads` and `subject` word its errors: what it reads, and what is missing when the service answers "not found".
    """

    action: str
    path: str
    reads: str
    subject: str
    query: tuple[str, ...] = ()
    version: str = VERSION

    @property
    def permission(self) -> str:
        """The RAM action that allows it."""
        return f"stream:{self.action}"

    def target(self, fields: Mapping[str, str], query: Mapping[str, str] | None = None) -> str:
        """The path and query, encoded as they are signed and sent."""
        path = self.path.format(**{name: percent_encode(text) for name, text in fields.items()})
        return f"{path}?{canonical_query(query.items())}" if query else path

    def match(self, path: str) -> dict[str, str] | None:
        """The fields, still encoded, of an encoded `path` of this call; None for another call's path."""
        found = _pattern_of(self.path).fullmatch(path)
        return found.groupdict() if found else None


@cache
def _pattern_of(template: str) -> re.Pattern[str]:
    parts = enumerate(_FIELD.split(template))
    return re.compile("".join(f"(?P<{part}>[^/]+)" if number % 2 else re.escape(part) for number, part in parts))


_NAMESPACE = "/api/v2/namespaces/{namespace}"

GET_RESULT: Final = Operation(
    "GetHotUpdateJobResult", _NAMESPACE + "/jobs/hot-updates/{id}", reads="hot updates", subject="Hot update"
)
GET_JOB: Final = Operation("GetJob", _NAMESPACE + "/jobs/{job_id}", reads="jobs", subject="Job")
GET_DEPLOYMENT: Final = Operation(
    "GetDeployment", _NAMESPACE + "/deployments/{deployment_id}", reads="deployments", subject="Deployment"
)
FLINK_API_PROXY: Final = Operation(
    "FlinkApiProxy",
    "/flink-ui/v2/proxy",
    reads="jobs through Flink's REST API",
    subject="Job",
    query=("flinkApiPath", "namespace", "resourceId", "resourceType"),
)
GET_JOB_DIAGNOSIS: Final = Operation(
    "GetJobDiagnosis",
    _NAMESPACE + "/deployments/{deployment_id}/jobs/{job_id}/job-diagnoses/lite",
    reads="job diagnoses",
    subject="Job",
)
GET_EVENTS: Final = Operation(
    "GetEvents",
    _NAMESPACE + "/events",
    reads="events",
    subject="Deployment",
    query=("deploymentId", "pageIndex", "pageSize"),
)
LIST_TUNING_HISTORIES: Final = Operation(
    "ListAutopilotTuningHistories",
    "/autopilot/v2/namespaces/{namespace}/deployments/{deployment_id}/tuninghistories",
    reads="Autopilot's history",
    subject="Deployment",
    query=("startTime", "endTime", "pageNumber", "pageSize"),
)
LIST_SCHEDULED_EXECUTIONS: Final = Operation(
    "ListScheduledPlanExecutedHistory",
    _NAMESPACE + "/job-resource-upgradings",
    reads="the history of scheduled plans",
    subject="Deployment",
    query=("deploymentId",),
)

JOB_OPERATIONS: Final = (
    GET_JOB,
    GET_DEPLOYMENT,
    FLINK_API_PROXY,
    GET_JOB_DIAGNOSIS,
    GET_EVENTS,
    LIST_TUNING_HISTORIES,
    LIST_SCHEDULED_EXECUTIONS,
)
"""Every call but that of the result."""

OPERATIONS: Final = (GET_RESULT, *JOB_OPERATIONS)
