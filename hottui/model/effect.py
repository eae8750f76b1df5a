"""The effect of a hot update on the running job. Imports only the standard library: the first frame shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from hottui.model.json_text import Json

_VERTEX: Final = "vertex:"


class Verdict(StrEnum):
    """How much of the requested changes the running job has."""

    APPLIED = "applied"
    PARTIAL = "partial"
    NONE = "none"
    SUPERSEDED = "superseded"
    """It was applied, and a later hot update of the same job requested something else."""
    DRIFTED = "drifted"
    """It was applied, and changed afterwards by other means."""
    JOB_FAILED = "job-failed"
    JOB_GONE = "job-gone"
    """The job was cancelled, has finished, or no longer exists."""
    UNKNOWN = "unknown"
    """Not permitted, not known yet, or the call failed; see the reason."""


@dataclass(frozen=True, slots=True)
class EffectItem:
    """One requested value. `key` is `parallelism`, a conf key, `vertex:<id>` or `resource:<name>`.

    `carried` is None if the running value is unknown. `why` is the reason for an exception, or a note. Unknown values
    are None.
    """

    key: str
    name: str
    before: Json = None
    asked: Json = None
    running: Json = None
    carried: bool | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """The verdict, the reason in one sentence, and every requested value."""

    verdict: Verdict
    reason: str = ""
    items: tuple[EffectItem, ...] = ()

    @property
    def exceptions(self) -> tuple[EffectItem, ...]:
        """The requested values that do not run."""
        return tuple(item for item in self.items if item.carried is False)

    @property
    def vertices(self) -> dict[str, EffectItem]:
        """The items of vertices by vertex ID, for the drawing of the plan."""
        return {item.key.removeprefix(_VERTEX): item for item in self.items if item.key.startswith(_VERTEX)}


class BeforeSource(StrEnum):
    """The source of `Before`."""

    OBSERVED = "observed"
    """The job was read before the hot update began."""
    PREDECESSOR = "predecessor"
    """The target of the latest earlier hot update of the job."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Before:
    """What the job ran with. Unknown values are None or empty.

    `vertices` is vertex ID → parallelism; `resources` has the fields of the service's `targetResourceSetting`.
    """

    source: BeforeSource = BeforeSource.UNKNOWN
    parallelism: int | None = None
    conf: Mapping[str, Any] | None = None
    vertices: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    resources: Mapping[str, Any] | None = None
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Interruption:
    """How long the job did not run. `left` and `back` are Flink's times, in seconds since the epoch.

    `seconds` is 0 if Flink did not restart, and None if it is unknown or the job does not run yet.
    """

    restarted: bool | None = None
    left: float | None = None
    back: float | None = None
    seconds: float | None = None
    restarts: int | None = None
    """Restarts since the job was started, as counted by the service."""
    restored_from: str = ""
    """The checkpoint or savepoint that it was restored from."""


def before_to_json(before: Before) -> dict[str, Json]:
    """Return `before` as JSON, for the store."""
    return {
        "source": before.source.value,
        "parallelism": before.parallelism,
        "conf": dict(before.conf) if before.conf is not None else None,
        "vertices": dict(before.vertices),
        "resources": dict(before.resources) if before.resources is not None else None,
        "at": before.at,
    }


def before_from_json(document: Any) -> Before:
    """Parse the result of `before_to_json`; unknown if it is invalid. Raises nothing."""
    if not isinstance(document, dict) or document.get("source") not in list(BeforeSource):
        return Before()
    conf, vertices, resources = (document.get(name) for name in ("conf", "vertices", "resources"))
    parallelism, at = document.get("parallelism"), document.get("at")
    return Before(
        source=BeforeSource(document["source"]),
        parallelism=_int(parallelism),
        conf=conf if isinstance(conf, dict) else None,
        vertices={k: n for k, v in (vertices if isinstance(vertices, dict) else {}).items() if (n := _int(v))},
        resources=resources if isinstance(resources, dict) else None,
        at=float(at) if isinstance(at, int | float) and not isinstance(at, bool) and abs(at) < 2**53 else None,
    )


def effect_to_json(effect: Effect) -> dict[str, Json]:
    """Return `effect` as JSON, for `hottui get --effect -o json` and the store."""
    return {
        "verdict": effect.verdict.value,
        "reason": effect.reason,
        "items": [
            {
                "key": item.key,
                "name": item.name,
                "before": item.before,
                "asked": item.asked,
                "running": item.running,
                "carried": item.carried,
                "why": item.why,
            }
            for item in effect.items
        ],
    }


def effect_from_json(document: Any) -> Effect | None:
    """Parse the result of `effect_to_json`; None if it is invalid. Raises nothing."""
    if not isinstance(document, dict) or document.get("verdict") not in list(Verdict):
        return None
    items = document.get("items")
    return Effect(
        Verdict(document["verdict"]),
        _text(document.get("reason")),
        tuple(
            EffectItem(
                key=_text(item.get("key")),
                name=_text(item.get("name")),
                before=item.get("before"),
                asked=item.get("asked"),
                running=item.get("running"),
                carried=item["carried"] if isinstance(item.get("carried"), bool) else None,
                why=_text(item.get("why")),
            )
            for item in (items if isinstance(items, list) else [])
            if isinstance(item, dict)
        ),
    )


def _int(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
