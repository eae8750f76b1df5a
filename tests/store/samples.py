"""Sample values for the tests of the store."""

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
