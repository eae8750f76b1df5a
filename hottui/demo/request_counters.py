"""Request counters of the demo service, for tests and benchmarks."""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from hottui.demo.asgi import Handler, Reply, Request


@dataclass(slots=True)
class Counters:
    """Counts since the service was created; `by_path` counts requests by path and query."""

    by_path: Counter[str] = field(default_factory=Counter)
    by_action: Counter[str] = field(default_factory=Counter)
    by_status: Counter[int] = field(default_factory=Counter)
    by_code: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    max_in_flight: int = 0
    max_in_flight_of_one: int = 0
    """Maximum number of concurrent requests for one path."""
    max_in_a_second: int = 0
    """Maximum number of requests within any one second."""
    _open: Counter[str] = field(default_factory=Counter)
    _recent: deque[float] = field(default_factory=deque)

    @property
    def requests(self) -> int:
        """The total number of requests."""
        return self.by_path.total()

    def requests_of(self, hot_update_id: str) -> int:
        """Return the number of requests for one hot update ID."""
        return sum(count for path, count in self.by_path.items() if path.endswith(f"/{hot_update_id}"))

    def arrived(self, path: str, at: float, action: str = "") -> None:
        """Count a request that begins."""
        self.by_action[action] += 1
        self._recent.append(at)
        while self._recent[0] <= at - 1.0:
            self._recent.popleft()
        self._open[path] += 1
        self.by_path[path] += 1
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        self.max_in_flight_of_one = max(self.max_in_flight_of_one, self._open[path])
        self.max_in_a_second = max(self.max_in_a_second, len(self._recent))

    def left(self, path: str) -> None:
        """Count a request that ends, answered or cancelled."""
        self.in_flight -= 1
        self._open[path] -= 1
        if not self._open[path]:
            del self._open[path]

    def replied(self, reply: Reply) -> None:
        """Count a reply."""
        self.by_status[reply.status] += 1
        if reply.code:
            self.by_code[reply.code] += 1


def counted(inner: Handler, counters: Counters, monotonic: Callable[[], float] = time.monotonic) -> Handler:
    """Wrap `inner` to count its requests in `counters`."""

    async def handle(request: Request) -> Reply:
        target = f"{request.path}?{request.query}" if request.query else request.path
        counters.arrived(target, monotonic(), request.headers.get("x-acs-action", ""))
        try:
            reply = await inner(request)
        finally:
            counters.left(target)
        counters.replied(reply)
        return reply

    return handle
