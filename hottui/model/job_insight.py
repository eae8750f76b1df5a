"""The job of a hot update: before, effect, name and interruption. Imports only the standard library (first frame)."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from hottui.model.control_characters import shorten
from hottui.model.effect import (
    Before,
    BeforeSource,
    Effect,
    Interruption,
    before_from_json,
    before_to_json,
    effect_from_json,
    effect_to_json,
)
from hottui.model.json_text import Json
from hottui.model.ref import Ref
from hottui.model.times import UNKNOWN, known_time

MAX_JOB_NAME: Final = 256
"""Maximum characters of the name of a job."""
_MAX_PATH: Final = 10_000


@dataclass(frozen=True, slots=True)
class Insight:
    """What the job of `ref` ran with before, the effect of the hot update, and the time of that verdict.

    `at` is in seconds since the epoch.
    """

    ref: Ref
    at: float
    before: Before = field(default_factory=Before)
    effect: Effect | None = None
    """The effect with its items; None until the hot update has ended."""
    job_name: str = ""
    """The name of the job's deployment."""
    interruption: Interruption | None = None


def merge_insight(saved: Insight, new: Insight, now: float) -> Insight:
    """Return the later of two judgements, with the better `before`. A time beyond `now` counts as unknown."""
    later, earlier = (new, saved) if new.at >= saved.at or saved.at > now else (saved, new)
    return replace(
        later,
        before=better_before(saved.before, new.before),
        effect=later.effect or earlier.effect,
        job_name=later.job_name or earlier.job_name,
        interruption=later.interruption or earlier.interruption,
    )


def better_before(known: Before, other: Before) -> Before:
    """Return `other` if its source is better than that of `known`: observed, else the predecessor, else unknown."""
    ranks = (BeforeSource.UNKNOWN, BeforeSource.PREDECESSOR, BeforeSource.OBSERVED)
    return other if ranks.index(other.source) > ranks.index(known.source) else known


def insight_to_json(insight: Insight) -> dict[str, Json]:
    """Return `insight` without its ref as JSON, for the store and for exports."""
    return {
        "at": insight.at,
        "before": before_to_json(insight.before),
        "effect": effect_to_json(insight.effect) if insight.effect else None,
        "job_name": insight.job_name,
        "interruption": asdict(insight.interruption) if insight.interruption else None,
    }


def insight_from_json(ref: Ref, document: Any) -> Insight | None:
    """Parse the result of `insight_to_json`; None if it is not an object. Raises nothing."""
    if not isinstance(document, dict):
        return None
    name = document.get("job_name")
    return Insight(
        ref,
        known_time(document.get("at")) or UNKNOWN,
        before_from_json(document.get("before")),
        effect_from_json(document.get("effect")),
        shorten(name, MAX_JOB_NAME) if isinstance(name, str) else "",
        interruption_from_json(document.get("interruption")),
    )


def interruption_from_json(document: Any) -> Interruption | None:
    """Return the interruption in `document`; None if it is not an object. Raises nothing."""
    if not isinstance(document, dict):
        return None
    restarted, restarts, seconds = (document.get(name) for name in ("restarted", "restarts", "seconds"))
    path = document.get("restored_from")
    return Interruption(
        restarted=restarted if isinstance(restarted, bool) else None,
        left=known_time(document.get("left")),
        back=known_time(document.get("back")),
        seconds=known_time(seconds),
        restarts=restarts if isinstance(restarts, int) and not isinstance(restarts, bool) else None,
        restored_from=shorten(path, _MAX_PATH) if isinstance(path, str) else "",
    )
