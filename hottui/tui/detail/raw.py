"""Answer: the JSON as it came, indented, line by line; the plan also once as the object it holds."""

from hottui.model.jsontext import UnreadableJson, read_json, write_json
from hottui.model.text import visible
from hottui.tui.detail.fields import heading, note
from hottui.tui.detail.subject import Subject
from hottui.tui.lines import Line, clip, line


def lines(subject: Subject) -> tuple[Line, ...]:
    """The pane."""
    if subject.answer is None:
        return note("No answer has been read yet.", subject.width)
    document = read_json(subject.answer.text)
    out = [_json_line(text) for text in write_json(document, indent=2).split("\n")]
    plan = subject.answer.plan.document
    if plan is not None:
        out += heading("resourcePlan", "the same plan, decoded")
        out += [_json_line(text) for text in write_json(plan, indent=2).split("\n")]
    return tuple(out)


def _json_line(text: str) -> Line:
    shown = visible(clip(text))
    stem, colon, rest = shown.partition('": ')
    if colon and stem.lstrip().startswith('"'):
        return line((f" {stem}{colon}", "dim"), (rest, "text"), value=_value(text))
    return line((f" {shown}", "text"), value=_value(text))


def _value(text: str) -> str | None:
    """The value on this line of JSON, a text without its quotes."""
    value = text.partition('": ')[2] or text.strip()
    value = value.rstrip(",")
    if value in {"{", "[", "}", "]", ""}:
        return None
    try:
        read = read_json(value)
    except UnreadableJson:
        return value
    return read if isinstance(read, str) else value
