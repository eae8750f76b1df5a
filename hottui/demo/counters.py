"""What the demo service has seen, for tests, benchmarks and whoever wonders how good a guest a client is."""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from hottui.demo.asgi import Handler, Reply, Request


@dataclass(slots=True)
class Counters:
    """Counts since the service was made; `by_path` counts requests by path (so by namespace and ID)."""

    by_path: Counter[str] = field(default_factory=Counter)
    by_status: Counter[int] = field(default_factory=Counter)
    by_code: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    max_in_flight: int = 0
    max_in_flight_of_one: int = 0
    """The most requests at once for one and the same path."""
    max_in_a_second: int = 0
    """The most requests that arrived within any one second."""
    _open: Counter[str] = field(default_factory=Counter)
    _recent: deque[float] = field(default_factory=deque)

    @property
    def requests(self) -> int:
        """All requests."""
        return self.by_path.total()

    def requests_of(self, hot_update_id: str) -> int:
        """Requests for one hot update, told by its ID."""
        return sum(count for path, count in self.by_path.items() if path.endswith(f"/{hot_update_id}"))

    def arrived(self, path: str, at: float) -> None:
        """A request begins."""
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
        """A request ends, answered or cancelled."""
        self.in_flight -= 1
        self._open[path] -= 1
        if not self._open[path]:
            del self._open[path]

    def replied(self, reply: Reply) -> None:
        """A reply goes out."""
        self.by_status[reply.status] += 1
        if reply.code:
            self.by_code[reply.code] += 1


def counted(inner: Handler, counters: Counters, monotonic: Callable[[], float] = time.monotonic) -> Handler:
    """`inner`, counted in `counters`."""

    async def handle(request: Request) -> Reply:
        counters.arrived(request.path, monotonic())
        try:
            reply = await inner(request)
        finally:
            counters.left(request.path)
        counters.replied(reply)
        return reply

    return handle
