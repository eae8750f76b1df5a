"""Deliver keys, pastes and mouse events one at a time, each after the previous one has taken full effect.

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
from hottui.tui.keymap import Keymap

_KINDS: Final = (events.InputEvent, events.Paste, events.AppFocus, events.AppBlur)
_PASSIVE: Final = (
    events.MouseMove,
    events.MouseScrollDown,
    events.MouseScrollUp,
    events.MouseScrollLeft,
    events.MouseScrollRight,
)
"""Events that never change the target of later ones."""
_TYPED: Final = 2048
"""Events that a person may type during a stalled connection; more than that was not typed."""
_LONGEST: Final = 16_384
"""Capacity: enough for a long text that the terminal does not mark as pasted."""
_OVERDUE: Final = 8.0
"""Seconds an event may wait while many are pending; handling their keys takes too long then."""
_MANY: Final = 64
"""Pending events from which they can be overdue: fewer were typed while the event loop was blocked."""
_PAUSE: Final = 0.25
"""Seconds between two events after which the second starts new input."""
_ASKING: Final = ("filter", "add", "annotate", "interval")
"""The commands that open a prompt."""
_ROUNDS: Final = 100
"""Rounds of messages after which an event counts as handled even if messages are pending."""
_STUCK: Final = 5.0
"""Timeout in seconds for one message handler."""
_WORK: Final = 0.5
"""Timeout in seconds for workers started by a key on the dashboard (loading, drawing)."""
_MODAL_WORK: Final = 5.0
"""The same on a modal screen: `enter` in the palette needs the result of the search."""
_REFRESH: Final = 0.5
"""Timeout in seconds for a new layout."""


class _Before(NamedTuple):
    """State that an event may change, recorded before it."""

    screen: Screen[Any]
    focused: Widget | None
    nodes: int
    workers: frozenset[Worker[Any]]


class InputQueue:
    """Input not delivered yet. All methods must be called on the event loop.

    `deliver` passes an event to the app. More pending input than a person can type is delivered only to a text field;
    otherwise it is discarded (a log file pasted into the table must not act as commands), and `dropped` is called with
    the number of events. So is overdue input. Input after a pause is kept, and so is a final key that quits.
    """

    def __init__(
        self,
        app: App[Any],
        deliver: Callable[[Message], bool],
        dropped: Callable[[int], None],
        keymap: Keymap = Keymap(),  # noqa: B008 - immutable
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._dropped = dropped
        self._ask = frozenset(key for name in _ASKING for key in keymap.keys(name))
        self._quit = frozenset(keymap.keys("quit"))
        self._waiting: deque[Message] = deque()
        self._lost = 0
        self._filled = asyncio.Event()
        self._busy = False

    @property
    def idle(self) -> bool:
        """Whether every event so far was delivered and has taken effect."""
        return not self._waiting and not self._busy

    @staticmethod
    def takes(message: Message) -> bool:
        """Return whether `message` is input not forwarded to a widget yet."""
        return isinstance(message, _KINDS) and not message.is_forwarded

    def put(self, event: Message) -> bool:
        """Queue `event`; return False if the queue is full."""
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
                except Exception as fault:  # noqa: BLE001 - reported; this loop must go on
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
        """Return whether the next event opens a prompt, for which the rest may be text."""
        first = self._waiting[0]
        return isinstance(first, events.Key) and first.key in self._ask

    def _overdue(self) -> bool:
        return len(self._waiting) > _MANY and time.monotonic() - self._waiting[0].time > _OVERDUE

    def _drop(self) -> None:
        """Discard pending events, except those after a pause and a final key that quits."""
        waiting = list(self._waiting)
        begins = (n for n in range(len(waiting) - 1, 0, -1) if waiting[n].time - waiting[n - 1].time > _PAUSE)
        last = waiting[-1]
        quits = isinstance(last, events.Key) and last.key in self._quit
        kept = waiting[next(begins, len(waiting) - quits) :]
        self._waiting = deque(kept if len(kept) <= _MANY else ())
        lost, self._lost = self._lost + len(waiting) - len(self._waiting), 0
        self._dropped(lost)

    def _text_for(self, field: Input) -> str:
        """Take the leading characters that `field` accepts as text; return an empty string for fewer than two."""
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
        """Wait until everything that an event started is done.

        A handler that posts a message starts another round of callbacks through the message queues. Two rounds in a
        row without pending messages end the wait.
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
        """Return whether later events have another target, or the layout differs."""
        app = self._app
        if app.return_code is not None:  # shutting down: there may be no screen
            return False
        return (
            app.screen is not before.screen or app.focused is not before.focused or len(self._nodes()) != before.nodes
        )

    def _nodes(self) -> list[DOMNode]:
        """Return the app, its screens and all their widgets."""
        app = self._app
        return [app, *(node for screen in app.screen_stack for node in screen.walk_children(with_self=True))]

    def _path(self) -> list[DOMNode]:
        """Return the nodes a key bubbles through: the focused widget and its ancestors."""
        return list((self._app.focused or self._app.screen).ancestors_with_self)

    def _quiet(self) -> bool:
        return not any(
            node.message_queue_size or not (node.is_mounted if isinstance(node, Widget) else True)
            for node in self._nodes()
        )

    async def _pass(self, nodes: Iterable[MessagePump]) -> None:
        """Wait until each of `nodes` has handled the messages queued now."""
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
        """Wait for workers that the event started on a screen; return whether there were any and all finished."""
        started = {w for w in self._app.workers if w not in before and w.node is not self._app and not w.is_finished}
        if not started:
            return False
        modal = any(isinstance(worker.node, ModalScreen) for worker in started)
        loop = asyncio.get_running_loop()
        end = loop.time() + (_MODAL_WORK if modal else _WORK)
        while any(not worker.is_finished for worker in started) and loop.time() < end:  # noqa: ASYNC110 - workers have no event
            await asyncio.sleep(0.005)
        return all(worker.is_finished for worker in started)

    async def _refresh(self) -> None:
        """Wait for the layout, on which page keys and clicks depend."""
        drawn = asyncio.Event()
        if self._app.screen.call_after_refresh(drawn.set):
            await _for(_REFRESH, drawn)


def _type(field: Input, text: str) -> None:
    if field.selection.is_empty:
        field.insert_text_at_cursor(text)
    else:
        field.replace(text, *field.selection)


async def _for(seconds: float, event: asyncio.Event) -> None:
    """Wait for `event` for at most `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
