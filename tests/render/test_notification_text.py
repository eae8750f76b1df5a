"""The text of notifications: visible, bounded, in one line."""

from hottui.analysis.notification import Event, Notification
from hottui.model.notify_settings import SLOW
from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING
from hottui.model.tracking import Bookmark, Summary, Tracked
from hottui.render.notification_text import LONGEST, event_text, notification_text

REF = Ref("http://127.0.0.1", "w", "n", "98fe2c01")
ROW = Tracked(REF, Bookmark(REF, "orders"), Summary(FAILED, "", "parallelism 4 → 10", "LOW", "No slots are free"))


def test_an_event_names_the_hot_update_and_the_reason() -> None:
    for kind, row, text in (
        (FAILED, ROW, "orders failed: LOW No slots are free"),
        (HOT_UPDATED, Tracked(REF, summary=Summary(HOT_UPDATED, "", "2 conf keys")), "98fe2c01 updated: 2 conf keys"),
        (HOT_UPDATED, ROW, "orders updated"),  # it has failed since
        (HOT_UPDATING, ROW, "orders: HOT_UPDATING"),
        (SLOW, ROW, "orders takes longer than usual"),
        (FAILED, None, "98fe2c01 failed"),
    ):
        assert event_text(Event(REF, 0.0, kind), row) == text


def test_several_events_are_counted() -> None:
    counts = {SLOW: 1, "ROLLING": 1, HOT_UPDATED: 2, FAILED: 1_003}
    events = (Event(REF, 0.0, FAILED),) * 3
    assert notification_text(Notification(events, counts), {}) == "1,003 failed, 2 updated, 1 slow, 1 ROLLING"
    assert notification_text(Notification(events[:1], {FAILED: 1}), {REF: ROW}) == event_text(events[0], ROW)


def test_text_of_the_service_is_visible_and_bounded() -> None:
    hostile = "a\x1b]52;c;eA==\x07\n\x9c\u202e" + "x" * 1_000_000
    row = Tracked(REF, Bookmark(REF, hostile), Summary(FAILED, reason=hostile))
    for text in (event_text(Event(REF, 0.0, FAILED), row), event_text(Event(REF, 0.0, hostile), row)):
        assert len(text) <= LONGEST
        assert text.isprintable()
