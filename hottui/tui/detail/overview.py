"""The Overview tab: effect, ID, state, freshness, failure, changes, cost, resources, location and bookmark."""

from rich.cells import cell_len

from hottui.analysis.changes import ABSENT, Change, changes, value_text
from hottui.model.cell_width import cells, fit, pad
from hottui.model.control_characters import visible, visible_lines
from hottui.model.state import FAILED, Freshness, state_text
from hottui.model.tracking import NO_REASON
from hottui.render.ages import COARSE, EXACT, age, clock_time, seen_age
from hottui.render.detail_context import DetailContext
from hottui.render.glyphs import freshness_word, severity_style, state_name
from hottui.render.lazy_lines import NO_LINES, ConcatenatedLines, LazyLines, MappedLines, fixed
from hottui.render.styled_text import NAME_WIDTH, Line, clip, field, heading, line, note
from hottui.tui.detail.effect import cost_section, duration_lines, has_values, value_lines, verdict_lines
from hottui.tui.detail.failure import failure_lines

_LONGEST_STATE = 60
"""Characters shown of a state; the service may send unknown ones of any length."""


def depends(subject: DetailContext) -> tuple[object, ...]:
    """Return what the body depends on."""
    tracked = subject.tracked
    return (
        subject.answer,
        subject.width,
        tracked.ref,
        tracked.bookmark,
        tracked.summary and tracked.summary.job_id,
        tracked.effect,
        tracked.job_name,
        subject.job,
        subject.arithmetic,
    )


def head(subject: DetailContext) -> tuple[Line, ...]:
    """Return the effect, then ID, state and freshness, whose ages change with time."""
    return (
        *verdict_lines(subject),
        *field("Hot update", subject.tracked.ref.id),
        *_state(subject),
        *duration_lines(subject),
        *_freshness(subject),
    )


def body(subject: DetailContext) -> LazyLines:
    """Return everything else. Takes about 0.5 s for 200,000 changed keys."""
    changed = fixed(value_lines(subject)) if has_values(subject) else _changes(subject)
    return ConcatenatedLines(fixed(_failure(subject)), changed, fixed(_rest(subject)))


def _rest(subject: DetailContext) -> tuple[Line, ...]:
    tracked, ref, width = subject.tracked, subject.tracked.ref, subject.width
    bookmark = tracked.bookmark
    out = [
        *cost_section(subject),
        *_resources(subject),
        *heading("Where"),
        *(field("Job", tracked.job_name, width=width) if tracked.job_name else ()),
        *field("Job ID" if tracked.job_name else "Job", tracked.summary.job_id if tracked.summary else "", width=width),
        *field("Workspace", ref.workspace, width=width),
        *field("Namespace", ref.namespace, width=width),
        *field("Endpoint", ref.endpoint, width=width),
    ]
    if subject.answer:
        out += field("Request ID", subject.answer.envelope.request_id, width=width)
    out += heading("Bookmark") if bookmark else heading("Not bookmarked", "tracked in this session only; b: bookmark")
    if bookmark:
        out += [*field("Label", bookmark.label), *field("Note", bookmark.note, width=width)]
        out += field("Added", clock_time(bookmark.added)) if bookmark.added else ()
    return tuple(out)


def _state(subject: DetailContext) -> tuple[Line, ...]:
    tracked = subject.tracked
    name = state_name(tracked)
    if tracked.summary is None:
        return field("State", "not read yet", "dim")
    glyph = getattr(subject.glyphs, name)
    word = visible(clip(state_text(tracked.state), _LONGEST_STATE)) if tracked.state else "no state in the answer"
    state = f"{glyph} {word}"
    since = ""
    if tracked.since is not None:
        steps = EXACT if tracked.in_progress else COARSE
        since = f"for {age(subject.now - tracked.since, steps)}, first seen {clock_time(tracked.since)}"
    first = ((" " + pad("State", NAME_WIDTH), "dim"), (state, name))
    if since and NAME_WIDTH + 3 + cell_len(state + since) > subject.width:
        return (line(*first, value=tracked.state), *field("", since, "dim", width=subject.width))
    return (line(*first, (f"  {since}", "dim"), value=tracked.state),)


def _freshness(subject: DetailContext) -> tuple[Line, ...]:
    tracked, trouble = subject.tracked, subject.tracked.trouble
    seen = tracked.seen
    read = "not read yet" if seen is None else f"last read {seen_age(subject.now - seen)}"
    read += " ago" if seen is not None and not read.endswith("now") else ""
    style = "text" if tracked.freshness in {Freshness.LIVE, Freshness.WAITING} else "stale"
    out = [*field("Freshness", f"{freshness_word(tracked)}, {read}", style)]
    if trouble and tracked.freshness is not Freshness.LIVE:
        out += field("", trouble.message, "stale", width=subject.width)
        out += field("", trouble.hint, "dim", width=subject.width) if trouble.hint else ()
        out += field("Failed request ID", trouble.request_id, width=subject.width) if trouble.request_id else ()
    if subject.unreadable:
        out += field("", f"Cannot read the saved answer: {subject.unreadable}.", "stale", width=subject.width)
    return tuple(out)


def _failure(subject: DetailContext) -> tuple[Line, ...]:
    """Return the explanation of the failure, or what the answer has of it until that is known."""
    if subject.job.failure is not None:
        return failure_lines(subject)
    result = subject.answer.result if subject.answer else None
    failure = result.status.failure if result and result.status else None
    if result is None or not (failure or result.state == FAILED):
        return ()
    out = [*heading("Failure")]
    if failure is not None and failure.failure_severity:
        out += field("Severity", failure.failure_severity, severity_style(failure.failure_severity))
    if not failure:
        return (*out, *field("Reason", f"{NO_REASON}.", "dim", width=subject.width))
    if failure.reason:
        out += field("Reason", failure.reason, "failed", width=subject.width)
    message = [part for part in visible_lines(failure.message) if part.strip()]
    for number, part in enumerate(message):
        copy = failure.message if number == 0 else None
        out += field("Message" if number == 0 else "", part, copy=copy, width=subject.width)
    return tuple(out)


def _changes(subject: DetailContext) -> LazyLines:
    if subject.answer is None:
        return NO_LINES
    found = changes(subject.answer.result)
    if not found:
        return fixed((*heading("Changes"), *note("The answer lists no requested changes.", subject.width)))
    key_width = min(max(len(change.name) for change in found) + 2, max(subject.width * 2 // 5, 20))
    widest = max(cells(clip(value_text(change.asked))) for change in found) + 3
    value_width = max(min(widest, (subject.width - key_width - 2) // 2), len("ASKED FOR") + 3)
    titles = f" {fit('KEY', key_width)} {fit('ASKED FOR', value_width)}TARGET SETTING"
    longest = key_width + value_width + 2 + max(cells(_target(change)) for change in found)
    rows = MappedLines(found, lambda change: _change(change, key_width, value_width), width=longest)
    return ConcatenatedLines(fixed((*heading("Changes"), line((titles, "header")))), rows)


def _target(change: Change) -> str:
    if change.target is ABSENT:
        return "not set"
    target = clip(value_text(change.target))
    return f"currently {target}" if change.differs else target


def _change(change: Change, key_width: int, value_width: int) -> Line:
    asked = value_text(change.asked)
    style = "dim" if change.target is ABSENT else "changed" if change.differs else "text"
    return line(
        (f" {fit(visible(change.name), key_width)} ", "text"),
        (f"{fit(asked, value_width - 2)}  ", "changed"),
        (_target(change), style),
        value=asked,
    )


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _resources(subject: DetailContext) -> tuple[Line, ...]:
    if subject.answer is None:
        return ()
    mode = subject.answer.result.target.mode
    plan = subject.answer.plan.plan
    out = [*heading("Resources"), *field("Mode", mode)]
    if plan:
        vertices = _many(len(plan.vertices) or len(plan.nodes), "vertex", "vertices")
        operators, groups = _many(len(plan.nodes), "operator", "operators"), _many(len(plan.groups), "group", "groups")
        out += field("Plan", f"{vertices}, {operators}, {groups}")
    elif subject.answer.plan.error:
        out += field("Plan", f"cannot be read: {subject.answer.plan.error}", "stale", width=subject.width)
    return tuple(out)
