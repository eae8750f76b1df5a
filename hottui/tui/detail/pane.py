"""The detail pane: a title, the tab strip, and the lines or the graph of the open tab."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from hottui.model.control_characters import visible
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import state_name, state_word
from hottui.render.styled_text import Span
from hottui.tui.appearance import Appearance
from hottui.tui.background_thread import import_in_thread, in_thread
from hottui.tui.detail.prepared_text import PLACEHOLDER, Prepared, is_small, prepare, shown
from hottui.tui.detail.tabs import TABS, Tab, TabStrip
from hottui.tui.hints import USUAL, Words
from hottui.tui.widgets.header_footer import Bar
from hottui.tui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from hottui.tui.detail.plan_actions import PlanTab
    from hottui.tui.detail.plan_subject import PlanOfAnswer

_ScrollPosition = tuple[int | None, int, int]


class DetailPane(Vertical):
    """Shows everything known of one hot update. Only the open tab is built."""

    class TabOpened(Message):
        """Another tab was opened."""

    DEFAULT_CSS = """
    DetailPane { height: 1fr; }
    DetailPane > #plan { height: 1fr; }
    """

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(id="detail")
        self._appearance = appearance
        self._bar, self._strip = Bar(appearance, id="detail-title"), TabStrip(appearance)
        self._view = LinesView(appearance, id="lines")
        self._subject: DetailContext | None = None
        self._open = 0
        self._scroll_positions: dict[int, _ScrollPosition] = {}
        self._plan: PlanTab | None = None
        self._prepared: dict[str, Prepared] = {}
        """The prepared text of each tab that was opened on this hot update."""
        self._requested: tuple[Tab, DetailContext] | None = None
        """The tab to prepare next in the background thread."""
        self._preparing = False
        self._pending = False
        """Whether the open tab shows the placeholder: its scroll position is restored once the text is ready."""
        self._words: dict[int, tuple[str, ...]] = {}
        self._arithmetic = self._utc = False

    @property
    def subject(self) -> DetailContext | None:
        """The hot update shown."""
        return self._subject

    @property
    def tab(self) -> str:
        """The id of the open tab."""
        return TABS[self._open].id

    @property
    def number(self) -> int:
        """The number of the open tab, from 0."""
        return self._open

    @property
    def words(self) -> tuple[str, ...]:
        """The filter of the open tab."""
        return self._words.get(self._open, ())

    @property
    def value(self) -> str | None:
        """The value that copying gives."""
        plan = self._open_plan
        return plan.value if plan else self._view.value

    def compose(self) -> ComposeResult:
        """Yield the title, the tab strip and the view that all text tabs share."""
        yield self._bar
        yield self._strip
        yield self._view

    def tick(self) -> None:
        """Update the ages in the open tab."""
        if self._subject is not None and self.tab in {"overview", "timeline"}:
            self._subject = replace(self._subject, now=self._appearance.clock())
            self._draw(reset=False)

    @property
    def seconds_to_tick(self) -> float:
        """The seconds between two ticks: durations of what is in progress count in seconds."""
        counting = self._subject is None or self._subject.tracked.in_progress or self.tab == "timeline"
        return 1.0 if counting else 10.0

    @property
    def keys(self) -> Widget:
        """The widget of the open tab that handles keys."""
        plan = self._open_plan
        return plan.keys if plan else self._view

    @property
    def plan_words(self) -> Words:
        """The words of the plan's keys in its state, while its tab is open."""
        plan = self._open_plan
        return plan.key_words if plan else USUAL

    @property
    def _open_plan(self) -> "PlanTab | None":
        """The plan view if its tab is open and it is mounted (a resize may come before that)."""
        return self._plan if self._plan is not None and self._plan.is_mounted and self.tab == "plan" else None

    @property
    def has_plan(self) -> bool:
        """Whether the Plan tab is open and has a plan to draw."""
        plan = self._open_plan
        return plan is not None and plan.has_plan

    def show(self, subject: DetailContext) -> None:
        """Show `subject`; another hot update starts at the top of the same tab, unfiltered."""
        another = self._subject is None or self._subject.tracked.ref != subject.tracked.ref
        self._subject = subject
        if another:
            self._scroll_positions.clear()
            self._words.clear()
            self._prepared.clear()
        self._draw(reset=another)

    async def open(self, number: int) -> None:
        """Open tab `number` at its last scroll position."""
        if number == self._open:
            return
        if not self._pending:
            self._scroll_positions[self._open] = self._view.place
        self._open = number
        if TABS[number].body is None and self._plan is None:
            plan_tab = await import_in_thread(_plan_tab)
            if self._plan is None:  # a click may have opened it meanwhile
                self._plan = plan_tab(self._appearance)
                await self.mount(self._plan)
        self._draw(reset=True)
        self.post_message(self.TabOpened())

    def filter(self, text: str) -> None:
        """Filter the open tab by words."""
        self._words[self._open] = tuple(text.lower().split())
        if plan := self._open_plan:
            plan.find(self.words)
        else:
            self._draw(reset=False)

    def toggle_arithmetic(self) -> None:
        """Show or hide the arithmetic of the costs."""
        self._arithmetic = not self._arithmetic
        self._draw(reset=False)

    def toggle_utc(self) -> bool:
        """Show the timeline in UTC or in local time; return whether it is UTC now."""
        self._utc = not self._utc
        self._draw(reset=False)
        return self._utc

    def _draw(self, *, reset: bool) -> None:
        subject = self._subject
        if subject is None:
            return
        tab = TABS[self._open]
        self._title(subject)
        self._strip.show(subject, self._open)
        self._view.display = tab.body is not None
        if self._plan is not None:
            self._plan.display = tab.body is None
        if plan := self._open_plan:
            plan.show(_plan_of_answer(subject), opened=reset)
        elif tab.body is not None:
            wanted = replace(subject, arithmetic=self._arithmetic, utc=self._utc)
            self._draw_text(tab, _with(wanted, self.size.width, self.words), reset=reset)

    def _draw_text(self, tab: Tab, subject: DetailContext, *, reset: bool) -> None:
        """Show the text of `tab`, or the previous text or the placeholder until it is ready."""
        reset = reset or self._pending
        text = self._prepared.get(tab.id)
        if text is None or not text.shows(tab, subject):
            if is_small(subject):
                text = self._prepared[tab.id] = prepare(tab, subject, text)
            else:
                self._requested = (tab, subject)
                if not self._preparing:
                    self._preparing = True
                    self._prepare()
        self._pending = text is None
        lines = PLACEHOLDER if text is None else shown(tab, subject, text.lines)
        place = self._scroll_positions.get(self._open, (0, 0, 0)) if reset else None
        self._view.show(lines, place, width=lines.width)

    @work(group="text", exit_on_error=False)
    async def _prepare(self) -> None:
        """Prepare requested texts one at a time; only the latest request counts."""
        try:
            while self._requested is not None:
                (tab, subject), self._requested = self._requested, None
                text = await in_thread(partial(prepare, tab, subject, self._prepared.get(tab.id)))
                if self._subject is not None and self._subject.tracked.ref == subject.tracked.ref:
                    self._prepared[tab.id] = text
                self._draw(reset=False)
        finally:
            self._preparing = False

    def _title(self, subject: DetailContext) -> None:
        tracked = subject.tracked
        name = tracked.label or tracked.ref.id
        state = state_name(tracked)
        glyph: str = getattr(subject.glyphs, state)
        left = (
            Span(f" {visible(name)}", "bar.title"),
            Span(f"  {glyph} {visible(state_word(tracked))}", f"bar.{state}"),
        )
        shown = Span("  secrets shown", "bar.warning") if subject.reveal else Span("", "bar")
        self._bar.show((*left, shown), (Span(f"{visible(tracked.ref.id)} ", "bar.dim"),))

    def on_resize(self) -> None:
        """Wrap the text to the new width."""
        self._draw(reset=False)

    @on(TabStrip.Chosen)
    async def _chosen(self, event: TabStrip.Chosen) -> None:
        await self.open(event.number)
        self.keys.focus()


def _plan_tab() -> "type[PlanTab]":
    from hottui.tui.detail.plan_actions import PlanTab  # noqa: PLC0415 - start-up time: rarely needed

    return PlanTab


def _plan_of_answer(subject: DetailContext) -> "PlanOfAnswer":
    from hottui.tui.detail.plan_subject import PlanOfAnswer  # noqa: PLC0415 - as above

    return PlanOfAnswer(subject)


def _with(subject: DetailContext, width: int, words: tuple[str, ...]) -> DetailContext:
    return replace(subject, width=max(width - 1, 20), words=words)
