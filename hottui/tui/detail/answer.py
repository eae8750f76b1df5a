"""The Answer tab: the response JSON, indented, followed by the decoded resourcePlan."""

from hottui.model.cell_width import cells
from hottui.model.control_characters import visible
from hottui.model.json_text import Json, UnreadableJson, json_lines, read_json
from hottui.render.detail_context import DetailContext
from hottui.render.lazy_lines import ConcatenatedLines, LazyLines, MappedLines, fixed
from hottui.render.styled_text import Line, clip, heading, line, no_answer

_BRACKETS = frozenset({"{", "[", "}", "]", ""})


def depends(subject: DetailContext) -> tuple[object, ...]:
    """Return what the text depends on."""
    return (subject.answer, subject.unreadable, subject.width if subject.answer is None else 0)


def body(subject: DetailContext) -> LazyLines:
    """Return the text. Takes about 0.1 s for 2 MB."""
    if subject.answer is None:
        return fixed(no_answer(subject))
    out: list[LazyLines] = [_json_lines(subject.answer.document)]
    plan = subject.answer.plan.document
    if plan is not None:
        out += [fixed(heading("resourcePlan", "the same plan, decoded")), _json_lines(plan)]
    return ConcatenatedLines(*out)


def _json_lines(document: Json) -> LazyLines:
    texts = json_lines(document)
    width = 1 + max(cells(_displayed(text)) for text in texts)
    return MappedLines(texts, _json_line, _displayed, width=width)


def _displayed(text: str) -> str:
    return visible(clip(text))


def _json_line(text: str) -> Line:
    displayed = _displayed(text)
    value = None if len(text) < 1_000 and _token(text) in _BRACKETS else text
    stem, colon, rest = displayed.partition('": ')
    if colon and stem.lstrip().startswith('"'):
        return line((f" {stem}{colon}", "dim"), (rest, "text"), value=value, to_copy=_value)
    return line((f" {displayed}", "text"), value=value, to_copy=_value)


def _token(text: str) -> str:
    """Return the JSON of the value on this line."""
    return (text.partition('": ')[2] or text.strip()).rstrip(",")


def _value(text: str) -> str:
    """Return the value on this line of JSON; a string without its quotes."""
    value = _token(text)
    try:
        read = read_json(value)
    except UnreadableJson:
        return value
    return read if isinstance(read, str) else value
