"""Sample values for the tests of the store."""

from hottui.model.effect import Before, BeforeSource, Effect, EffectItem, Interruption, Verdict
from hottui.model.job_insight import Insight
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Observation, Summary, Transition

ENDPOINT = "https://ververica.cn-hangzhou.aliyuncs.com"


def ref(name: str = "hu-1") -> Ref:
    return Ref(ENDPOINT, "ws", "default-namespace", name)


def bookmark(name: str = "hu-1", label: str = "", note: str = "", added: float = 1000.0) -> Bookmark:
    return Bookmark(ref(name), label, note, added)


def observation(name: str = "hu-1", at: float = 1000.0, state: str = "INIT", answer: str = "{}") -> Observation:
    return Observation(ref(name), at, Summary(state, "job-1", "parallelism 4 → 10"), f"request-{at}", answer)


def move(name: str = "hu-1", at: float = 1000.0, state: str = "INIT", previous: str = "") -> Transition:
    return Transition(ref(name), at, state, previous)


def insight(
    name: str = "hu-1",
    at: float = 1000.0,
    verdict: Verdict | None = Verdict.PARTIAL,
    source: BeforeSource = BeforeSource.OBSERVED,
) -> Insight:
    items = (
        EffectItem("parallelism", "parallelism", 4, 10, 10, carried=True),
        EffectItem("fs.s3.secret-key", "conf", "hunter1", "hunter2", None, why="password=hunter3"),
    )
    return Insight(
        ref(name),
        at,
        Before(
            source, 4, {"fs.s3.secret-key": "hunter1", "state.backend": "rocksdb"}, {"v1": 4}, {"mode": "BASIC"}, 999.0
        ),
        Effect(verdict, "1 of 2 values runs.", items) if verdict else None,
        "orders-enrich",
        Interruption(True, 1001.0, 1014.5, 13.5, 2, "oss://bucket/chk-7"),
    )
