"""Answer: the JSON as it came, indented, line by line; the plan also once as the object it holds."""

from hottui.model.cell_width import cells
from hottui.model.control_characters import visible
from hottui.model.json_text import Json, UnreadableJson, read_json, write_json
from hottui.render.detail_context import DetailContext
from hottui.render.lazy_lines import ConcatenatedLines, LazyLines, MappedLines, fixed
from hottui.render.styled_text import Line, clip, heading, line, no_answer

_BRACKETS = frozenset({"{", "[", "}", "]", ""})


def depends(subject: DetailContext) -> tuple[object, ...]:
    """What the text is made of."""
    return (subject.answer, subject.unreadable, subject.width if subject.answer is None else 0)


def body(subject: DetailContext) -> LazyLines:
    """The text. Takes some 0.1 s for 2 MB."""
    if subject.answer is None:
        return fixed(no_answer(subject))
    out: list[LazyLines] = [_written(read_json(subject.answer.text))]
    plan = subject.answer.plan.document
    if plan is not None:
        out += [fixed(heading("resourcePlan", "the same plan, decoded")), _written(plan)]
    return ConcatenatedLines(*out)


def _written(document: Json) -> LazyLines:
    texts = write_json(document, indent=2).split("\n")
    width = 1 + max(cells(_shown(text)) for text in texts)
    return MappedLines(texts, _json_line, _shown, width=width)


def _shown(text: str) -> str:
    return visible(clip(text))


def _json_line(text: str) -> Line:
    shown = _shown(text)
    value = None if len(text) < 1_000 and _token(text) in _BRACKETS else text
    stem, colon, rest = shown.partition('": ')
    if colon and stem.lstrip().startswith('"'):
        return line((f" {stem}{colon}", "dim"), (rest, "text"), value=value, to_copy=_value)
    return line((f" {shown}", "text"), value=value, to_copy=_value)


def _token(text: str) -> str:
    """The JSON of the value on this line."""
    return (text.partition('": ')[2] or text.strip()).rstrip(",")


def _value(text: str) -> str:
    """The value on this line of JSON, a text without its quotes."""
    value = _token(text)
    try:
        read = read_json(value)
    except UnreadableJson:
        return value
    return read if isinstance(read, str) else value
