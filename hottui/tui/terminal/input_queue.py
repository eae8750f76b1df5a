"""Deliver keys, pastes and mouse events one at a time: each only after the one before it has taken full effect.

Textual forwards every key at once to the widget that has the focus at that moment, while focus changes and new screens
take several messages. A key typed right after `/` would act as a command instead of going into the prompt.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import Worker

from hottui.runtime import error_hooks
from hottui.tui.commands import BY_ID

_KINDS: Final = (events.InputEvent, events.Paste, events.AppFocus, events.AppBlur)
_PASSIVE: Final = (
    events.MouseMove,
    events.MouseScrollDown,
    events.MouseScrollUp,
    events.MouseScrollLeft,
    events.MouseScrollRight,
)
"""Events that never change where later ones go."""
_TYPED: Final = 2048
"""Events that anyone may type into a link that stands still for a minute. More than that is no typing."""
_LONGEST: Final = 16_384
"""Events that may wait: room for a long text that the terminal does not mark as pasted."""
_OVERDUE: Final = 8.0
"""Seconds that an event may wait while many do; then their keys cost more than anyone waits for."""
_MANY: Final = 64
"""Events that wait from which on they can be overdue: fewer were typed while something else kept the event loop."""
_PAUSE: Final = 0.25
"""Seconds between two events after which the second one begins anew."""
_ASK: Final = frozenset(key for name in ("filter", "add", "annotate", "interval") for key in BY_ID[name].keys)
_QUIT: Final = frozenset(BY_ID["quit"].keys) - {"q"}  # which may be text
_ROUNDS: Final = 100
"""Rounds of messages after which an event counts as handled although there are still messages."""
_STUCK: Final = 5.0
"""Seconds that one message handler is waited for."""
_WORK: Final = 0.5
"""Seconds that work on the dashboard started by a key (loading, drawing) is waited for."""
_MODAL_WORK: Final = 5.0
"""The same for a modal screen: `enter` in the palette means what the search for the typed text finds."""
_REFRESH: Final = 0.5
"""Seconds that a new layout is waited for."""


class _Before(NamedTuple):
    """What an event may change, as it was before the event."""

    screen: Screen[Any]
    focused: Widget | None
    nodes: int
    workers: frozenset[Worker[Any]]


class InputQueue:
    """Everything typed that is not delivered yet. All methods are for the event loop.

    `deliver` hands an event to the app. When more is waiting than anyone types, it is text only where a field takes it:
    else all of it is discarded (a log file pasted into the table must not act as commands), and `dropped` is called
    with the number of events. The same goes for what has waited too long. What was typed after a pause still acts, and
    so does a key at the very end that quits.
    """

    def __init__(self, app: App[Any], deliver: Callable[[Message], bool], dropped: Callable[[int], None]) -> None:
        self._app = app
        self._deliver = deliver
        self._dropped = dropped
        self._waiting: deque[Message] = deque()
        self._lost = 0
        self._filled = asyncio.Event()
        self._busy = False

    @property
    def idle(self) -> bool:
        """Whether every event so far has been delivered and has taken effect."""
        return not self._waiting and not self._busy

    @staticmethod
    def takes(message: Message) -> bool:
        """Whether `message` is typed input that no widget has been given yet."""
        return isinstance(message, _KINDS) and not message.is_forwarded

    def put(self, event: Message) -> bool:
        """Deliver `event` after those before it; False when too many are waiting."""
        last = self._waiting[-1] if self._waiting else None
        if isinstance(event, events.MouseMove) and isinstance(last, events.MouseMove) and event.button == last.button:
            self._waiting.pop()  # only the last position matters
        elif len(self._waiting) >= _LONGEST:
            self._lost += 1
            return False
        self._waiting.append(event)
        self._filled.set()
        return True

    async def run(self) -> None:
        """Deliver events until cancelled, or until the app is about to exit."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            self._busy = True
            while self._waiting:
                if self._app.return_code is not None:
                    return
                try:
                    await self._next()
                except Exception as fault:  # noqa: BLE001 - reported; without this loop no key does anything
                    error_hooks.current_hooks().handle(fault)
            self._busy = False

    async def _next(self) -> None:
        field = self._app.focused
        if isinstance(field, Input) and (text := self._text_for(field)):
            field.call_later(_type, field, text)
            await self._pass(self._path())
            return
        if (len(self._waiting) > _TYPED and not self._asks()) or self._overdue():
            self._drop()
            return
        before = self._state()
        event = self._waiting.popleft()
        self._deliver(event)
        if not isinstance(event, _PASSIVE):
            await self._settle(before)

    def _asks(self) -> bool:
        """Whether the next event opens a prompt, for which the rest may be text."""
        first = self._waiting[0]
        return isinstance(first, events.Key) and first.key in _ASK

    def _overdue(self) -> bool:
        return len(self._waiting) > _MANY and time.monotonic() - self._waiting[0].time > _OVERDUE

    def _drop(self) -> None:
        """Discard what is waiting, but for what was typed after a pause and a last key that quits."""
        waiting = list(self._waiting)
        begins = (n for n in range(len(waiting) - 1, 0, -1) if waiting[n].time - waiting[n - 1].time > _PAUSE)
        last = waiting[-1]
        quits = isinstance(last, events.Key) and last.key in _QUIT
        kept = waiting[next(begins, len(waiting) - quits) :]
        self._waiting = deque(kept if len(kept) <= _MANY else ())
        lost, self._lost = self._lost + len(waiting) - len(self._waiting), 0
        self._dropped(lost)

    def _text_for(self, field: Input) -> str:
        """Take the characters that follow each other and that `field` accepts as text; empty for fewer than two."""
        text = []
        for event in self._waiting:
            if not isinstance(event, events.Key) or not field.check_consume_key(event.key, event.character):
                break
            text.append(event.character or "")
        if len(text) < 2:  # a single key is delivered as one
            return ""
        for _ in text:
            self._waiting.popleft()
        return "".join(text)

    async def _settle(self, before: _Before) -> None:
        """Wait until everything that an event started has been done.

        A message handler that sends a message starts another round, so a round of callbacks through the message
        queues ends no sooner than one step of what the event started. Two quiet rounds in a row are the end.
        """
        quiet = refreshed = 0
        for _ in range(_ROUNDS):
            changed = self._changed(before)
            await self._pass(self._nodes() if changed else self._path())
            if self._app.return_code is not None:
                return
            quiet = quiet + 1 if self._quiet() else 0
            if quiet < 2:
                continue
            if await self._work(before.workers):
                quiet = 0
            elif self._changed(before) and not refreshed:
                await self._refresh()
                quiet, refreshed = 0, 1
            else:
                return

    def _state(self) -> _Before:
        app = self._app
        return _Before(app.screen, app.focused, len(self._nodes()), frozenset(app.workers))

    def _changed(self, before: _Before) -> bool:
        """Whether later events go elsewhere, or the layout is another."""
        app = self._app
        if app.return_code is not None:  # it is ending, and may have no screen any more
            return False
        return (
            app.screen is not before.screen or app.focused is not before.focused or len(self._nodes()) != before.nodes
        )

    def _nodes(self) -> list[DOMNode]:
        """The app, its screens and all their widgets."""
        app = self._app
        return [app, *(node for screen in app.screen_stack for node in screen.walk_children(with_self=True))]

    def _path(self) -> list[DOMNode]:
        """What a key passes on its way: the focused widget and what is around it."""
        return list((self._app.focused or self._app.screen).ancestors_with_self)

    def _quiet(self) -> bool:
        return not any(
            node.message_queue_size or not (node.is_mounted if isinstance(node, Widget) else True)
            for node in self._nodes()
        )

    async def _pass(self, nodes: Iterable[MessagePump]) -> None:
        """Wait until each of `nodes` has handled the messages it has by now."""
        left = 1
        done = asyncio.Event()

        def reached() -> None:
            nonlocal left
            left -= 1
            if not left:
                done.set()

        for node in nodes:
            if node.call_later(reached):
                left += 1
        reached()
        await _for(_STUCK, done)

    async def _work(self, before: frozenset[Worker[Any]]) -> bool:
        """Wait for work that the event has started on a screen; whether there was any left to wait for."""
        started = {w for w in self._app.workers if w not in before and w.node is not self._app and not w.is_finished}
        if not started:
            return False
        modal = any(isinstance(worker.node, ModalScreen) for worker in started)
        loop = asyncio.get_running_loop()
        end = loop.time() + (_MODAL_WORK if modal else _WORK)
        while any(not worker.is_finished for worker in started) and loop.time() < end:  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.005)
        return all(worker.is_finished for worker in started)

    async def _refresh(self) -> None:
        """Wait for the layout: page keys and clicks go by it."""
        drawn = asyncio.Event()
        if self._app.screen.call_after_refresh(drawn.set):
            await _for(_REFRESH, drawn)


def _type(field: Input, text: str) -> None:
    if field.selection.is_empty:
        field.insert_text_at_cursor(text)
    else:
        field.replace(text, *field.selection)


async def _for(seconds: float, event: asyncio.Event) -> None:
    """Wait for `event`, at most so long."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
