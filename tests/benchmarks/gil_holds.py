"""The longest calls that keep all other threads waiting while a large answer is read, masked, saved and shown.

`python -m tests.benchmarks.gil_holds [--rounds 5] [--from 10]`. Python runs one thread at a time, and a call into C
(parsing JSON, a regular expression) does not let others run before it returns. Each step runs in a thread whose
processor time another thread reads whenever it is let run: the time in between is what the event loop would have
waited. Processor time, so that a busy machine does not add to it; the least of several rounds.
"""

import argparse
import json
import sys
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from traceback import extract_stack
from types import FrameType
from typing import Any

from hottui.analysis.answer_summary import summarize
from hottui.demo.simulation import ENDPOINT_IN_PROCESS
from hottui.model.answer import read_answer
from hottui.model.masking import json_values
from hottui.model.ref import Ref
from hottui.model.tracking import Observation, Tracked
from hottui.monitor.history import History
from hottui.monitor.journal import NullJournal
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import UNICODE
from hottui.render.lazy_lines import LazyLines, matching
from hottui.runtime import garbage_collection
from hottui.service.body_decoding import Body
from hottui.service.call import Response
from hottui.service.response import parse_response
from hottui.store.serialization import pack, unpack
from hottui.tui.background_thread import give_way
from hottui.tui.detail.loader import decode
from hottui.tui.detail.tabs import TABS
from tests.benchmarks.large_world import Large

KINDS = ("plan", "conf", "asked", "failure")


@dataclass
class Watch:
    """The longest time that a thread kept the others waiting, and where it was then."""

    longest: float = 0.0
    where: str = ""
    begun: threading.Event = field(default_factory=threading.Event)
    ended: bool = False

    def of(self, work: Callable[[], Any]) -> Any:
        """Run `work` in a thread of its own; return its result."""
        results: list[Any] = []

        def run() -> None:
            self.begun.wait()
            try:
                results.append(work())
            finally:
                self.ended = True

        thread = threading.Thread(target=run)
        thread.start()
        assert thread.ident
        clock = time.pthread_getcpuclockid(thread.ident)
        last = time.clock_gettime(clock)
        self.begun.set()
        while not self.ended:
            time.sleep(0)
            try:
                now = time.clock_gettime(clock)
            except OSError:  # the thread has ended meanwhile
                break
            if now - last > self.longest:
                frame = sys._current_frames().get(thread.ident)
                self.longest, self.where = now - last, _place(frame)
            last = now
        thread.join()
        return results[0]


def _place(frame: FrameType | None) -> str:
    stack = [each for each in extract_stack(frame) if "hottui" in each.filename or "json" in each.filename]
    return " < ".join(f"{each.filename.rpartition('/')[2]}:{each.lineno}" for each in reversed(stack[-3:]))


def _body(kind: str) -> tuple[Ref, bytes]:
    world = Large(kind)
    ref = next(ref for ref in world.refs(ENDPOINT_IN_PROCESS) if ref.id == world.large)
    data = world.result(ref.workspace, ref.namespace, ref.id)
    envelope = {"requestId": "A" * 36, "success": True, "httpCode": 200, "data": data}
    return ref, json.dumps(envelope, ensure_ascii=False).encode()


def measure(kind: str, rounds: int, at_least: float) -> None:
    """Print each step of reading and showing an answer of this kind."""
    ref, body = _body(kind)
    packed = zlib.compress(body, 6, zlib.MAX_WBITS | 16)
    print(f"{kind}: {len(body):,} bytes")

    def step(name: str, work: Callable[[], Any]) -> Any:
        watches, total = [], 0.0
        for _ in range(rounds):
            result = None
            watch = Watch()
            with garbage_collection.postponed():
                before = time.process_time()
                result = watch.of(work)
                total = time.process_time() - before
            watches.append(watch)
        least = min(watches, key=lambda watch: watch.longest)
        if least.longest * 1000 >= at_least:
            print(f"  {name:<22} {least.longest * 1000:6.1f} ms of {total * 1000:6.0f}  {least.where}", flush=True)
        return result

    response = Response(200, {}, Body(packed, "gzip"), 0.0)  # type: ignore[arg-type]
    step("unpack", Body(packed, "gzip").unpack)
    answer = step("parse response", lambda: parse_response(response, asked=ref.id))
    text = answer.text
    summary = step("summarize", lambda: summarize(answer))
    observation = Observation(ref, 0.0, summary, "A" * 36, text)
    history = History(NullJournal())
    step("record", lambda: history.record(observation, None, bookmarked=False))
    json_values._mask_large_answer.cache_clear()
    safe = step("mask", lambda: json_values._mask_answer(text))
    encoding, blob = step("pack", lambda: pack(safe))
    step("unpack saved", lambda: unpack(encoding, blob))
    json_values._mask_large_answer.cache_clear()
    decoded = step("decode for the pane", lambda: decode(observation, False))
    step("decode, revealed", lambda: decode(observation, True))
    step("plan", lambda: read_answer(text).plan)
    subject = DetailContext(Tracked(ref, summary=summary), 0.0, 80, UNICODE, answer=decoded.answer, answered=0.0)
    for tab in TABS:
        if tab.body is not None:
            step(f"tab {tab.id}, filtered", partial(_filtered, tab.body, subject))


def _filtered(body: Callable[[DetailContext], LazyLines], subject: DetailContext) -> LazyLines:
    return matching(body(subject), ("1", "2"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--from", type=float, default=5.0, dest="at_least", help="milliseconds")
    parser.add_argument("--only", nargs="*", default=KINDS, choices=KINDS)
    given = parser.parse_args()
    give_way()
    for kind in given.only:
        measure(kind, given.rounds, given.at_least)


if __name__ == "__main__":
    main()
