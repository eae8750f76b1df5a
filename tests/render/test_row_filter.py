"""The filter of hot updates: what each form finds, and what is refused."""

import pytest

from hottui.model.effect import Effect, Verdict
from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, INIT, Freshness
from hottui.model.tracking import Bookmark, Summary, Tracked
from hottui.render.glyphs import counted_words
from hottui.render.row_filter import FIELDS, parse_filter, toggle_state


def row(name: str, state: str, freshness: Freshness = Freshness.LIVE, **more: object) -> Tracked:
    ref = Ref("https://host", "w1", "default-namespace", f"id-{name}")
    summary = Summary(state, f"job-{name}", "parallelism 4 → 8", reason="NoSlots" if state == FAILED else "")
    return Tracked(ref, Bookmark(ref, f"{name} noon", "a note"), summary if state else None, freshness, **more)  # type: ignore[arg-type]


ROWS = (
    row("init", INIT), row("running", HOT_UPDATING, Freshness.STALE),
    row("done", HOT_UPDATED, effect=Effect(Verdict.NONE), job_name="orders-enrich"),
    row("failed", FAILED), row("read", FAILED, viewed=True, effect=Effect(Verdict.JOB_FAILED)),
    row("gone", HOT_UPDATED, Freshness.GONE), row("waiting", "", Freshness.WAITING), row("other", "FAILED_OVER"),
)  # fmt: skip


def found(text: str) -> str:
    wanted = parse_filter(text, lambda ref: ("prod", "all") if ref.id == "id-done" else ())
    return " ".join(one.ref.id.removeprefix("id-") for one in ROWS if wanted.matches(one))


ALL = found("")
FINDS = (
    ("noon Orders", "done"), ('"done noon"', "done"), ('"noon done"', ""), ("orders-enrich effect", "done"),
    ("!noon", ""), ("!!noon", ALL), ("noslots !read", "failed"), ("!state:failed !state:updating", "done gone waiting"),
    ("state:failed", "failed read"), ("state:FAILED_OVER", "other"), ("state:fail", "failed read other"),
    ("state:updating", "init running other"), ("state:init", "init"), ("state:done", "done"),
    ("state:updated", "done"), ("state:hot_updated", "done"), ("updated done", "done"), ("state:stale", "running"),
    ("state:gone", "gone"), ("waiting", "waiting"), ("state:waiting", "waiting"),
    ("label:done", "done"), ("label:id-done", ""), ("job:orders", "done"), ("job:job-read", "read"),
    ("id:fail", "failed"),
    ('label:"read noon"', "read"), ("profile:prod", "done"), ("profile:al !profile:prod", ""),
    ("effect:none", "done"), ("effect:job-f", "read"), ('effect:"no effect"', "done"), ("effect:partial", ""),
    ("is:unread", "failed"), ("is:unr", "failed"), ("is:bookmarked", ALL),
    ("/^id-(done|read)$/", "done read"), ("label:/^r.* noon$/", "running read"), ("!label:/./", ""),
    (r"/\bDONE\b/ noon", "done"), ("/id-(do", ""), ("label:/^read", "read"), ("state:/^fail/ !read", "failed other"),
    ("label:", ALL), ("! label: // /", ALL), ('label:"', ALL),
)  # fmt: skip


def test_what_each_form_finds() -> None:
    for text, expected in FINDS:
        assert found(text) == expected, text


def test_an_invalid_term_is_searched_for_as_typed_and_reported() -> None:
    for text, problem in (
        ("color:red", f"No field color. Fields: {' '.join(FIELDS)}"),
        ("is:blue", "is: takes unread or bookmarked"),
        ("/[a/", "Regular expression: unterminated character set"),
    ):  # fmt: skip
        assert parse_filter(text).problem == problem
        assert found(text) == "", text
    assert all(not parse_filter(text).problem for text, _ in FINDS if text != "/id-(do")
    assert found("https://host") == ALL


def test_a_slow_expression_ends() -> None:
    rows = [row("a" * 256 + "!", HOT_UPDATED)] * 20
    slow = parse_filter(r"label:/^(a|aa)+$/")
    problems = [slow.problem]
    assert not any(map(slow.matches, rows))
    problems.append(slow.problem)
    assert problems == ["", "Regular expression: too slow"]


def test_an_expression_that_cannot_be_compiled_is_refused_with_a_reason() -> None:
    for pattern, reason in (
        ("(a", "missing )"), ("a)", "unbalanced parenthesis"), ("*a", "nothing to repeat"), ("x" * 201, "longer"),
        ("(" * 99 + ")" * 99, ""), ("a{99999999999999999999}", ""), (r"\p{Nonsense}", "unknown property"),
    ):  # fmt: skip
        assert parse_filter(f"/{pattern}/").problem.startswith(f"Regular expression: {reason}" if reason else ""), (
            pattern
        )


@pytest.mark.parametrize("text", ['"' * 500, "/" * 3_000, "/ " * 3_000, "! " * 3_000, "a:" * 3_000, "\\" * 3_000])
def test_any_text_is_a_filter(text: str) -> None:
    parse_filter(text).matches(ROWS[0])


def test_a_count_of_the_header_is_what_its_filter_finds() -> None:
    for word in {word for one in ROWS for word in counted_words(one)}:
        counted = [one for one in ROWS if word in counted_words(one)]
        assert list(filter(parse_filter(toggle_state("", word)).matches, ROWS)) == counted, word


def test_a_state_is_added_replaced_and_removed() -> None:
    assert toggle_state("orders", "failed") == "orders state:failed"
    assert toggle_state("state:done orders", "failed") == "orders state:failed"
    assert toggle_state('label:"two words" state:failed', "failed") == 'label:"two words"'
