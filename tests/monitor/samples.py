"""Sample refs, summaries and tracked hot updates."""

from hottui.model.ref import Ref
from hottui.model.state import Freshness
from hottui.model.tracking import Bookmark, Observation, Summary, Tracked
from hottui.service.response import answer_digest

HERE = "http://127.0.0.1"


def ref(name: str = "one", *, namespace: str = "team", endpoint: str = HERE) -> Ref:
    return Ref(endpoint, "workspace", namespace, name)


def refs(count: int, *, namespace: str = "team", endpoint: str = HERE) -> list[Ref]:
    return [ref(f"id-{number:04}", namespace=namespace, endpoint=endpoint) for number in range(count)]


def tracked(
    name: str = "one",
    state: str = "",
    *,
    since: float | None = None,
    seen: float | None = None,
    label: str | None = None,
    freshness: Freshness = Freshness.WAITING,
    viewed: bool = False,
) -> Tracked:
    """Return a Tracked; it has a bookmark only if it has a `label`."""
    return Tracked(
        ref(name),
        bookmark=None if label is None else Bookmark(ref(name), label, "", 1.0),
        summary=Summary(state) if state else None,
        freshness=freshness,
        since=since,
        seen=seen,
        viewed=viewed,
    )


def observation(name: str, state: str, at: float, answer: str = "{}", request_id: str = "") -> Observation:
    digest = answer_digest(answer.encode(), request_id)
    return Observation(ref(name), at, Summary(state), request_id, answer, digest)
