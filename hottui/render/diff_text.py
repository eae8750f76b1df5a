"""The differences between two settings of a job as text: what differs, section by section, and both costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Final

from hottui.analysis.changes import ABSENT, value_text
from hottui.analysis.job_setting import Setting
from hottui.analysis.result_diff import Difference, Section, SettingDiff
from hottui.graph.labels import member_name, short_name
from hottui.graph.plan_graph import Member
from hottui.model.cell_width import cells, fit
from hottui.model.control_characters import shorten, visible
from hottui.model.plan import Plan
from hottui.render.cost_text import estimate_lines, estimate_text
from hottui.render.glyphs import mark_style
from hottui.render.lazy_lines import ConcatenatedLines, LazyLines, MappedLines, fixed
from hottui.render.styled_text import Line, Span, field, heading, line, note, squeeze
from hottui.render.units import number

_LONGEST: Final = 200
"""Characters shown of a value; copying gives the whole text."""
_NOT_SET: Final = "not set"
_WORDS: Final = {
    Section.PARALLELISM: ("Parallelism", "", ""),
    Section.CONF: ("Flink conf", "conf key", "conf keys"),
    Section.RESOURCES: ("Resources", "resource", "resources"),
    Section.VERTICES: ("Parallelism of vertices", "vertex", "vertices"),
    Section.NODES: ("Nodes of the plan", "node", "nodes"),
    Section.EDGES: ("Edges of the plan", "edge", "edges"),
}
"""The heading of each section, and the word for one and for several differences."""
_FIELDS: Final = {"maxParallelism": "max", "minParallelism": "min", "desc": "description"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two settings, with its title and more about it; `problem` is why it is unknown, or empty."""

    title: str
    setting: Setting
    problem: str = ""
    about: str = ""


def summary(old: Side, new: Side, changed: SettingDiff) -> str:
    """Return what differs in one line: `parallelism ×4 → ×8, 3 conf keys, 12 → 24 CU`, or that nothing does."""
    parts = []
    for section in Section:
        found = changed.of(section)
        _, one, more = _WORDS[section]
        if section is Section.PARALLELISM and found:
            parts.append(f"parallelism ×{value_text(found[0].old)} → ×{value_text(found[0].new)}")
        elif found:
            parts.append(f"{len(found):,} {one if len(found) == 1 else more}")
    before, after = old.setting.cost, new.setting.cost
    if before and after and before.cu is not None and after.cu is not None and before.cu != after.cu:
        parts.append(f"cost {number(before.cu)} → {number(after.cu)} CU")
    if parts:
        return ", ".join(parts)
    if old.problem or new.problem:
        return "cannot be compared"
    return "no differences" if len(changed.unknown) < len(Section) else "nothing to compare"


def diff_lines(old: Side, new: Side, changed: SettingDiff, width: int) -> LazyLines:
    """Return the differences from `old` to `new`, then both costs. Slow for thousands of differences.

    `changed` is the result of `diff`. A line copies the second value.
    """
    return ConcatenatedLines(
        fixed((*_head(old, new, changed, width), *_costs(old, new, width))),
        *(_section(section, found, old, new, width) for section in Section if (found := changed.of(section))),
        fixed((*_not_compared(old, new, changed, width), *_arithmetic(old, new, width))),
    )


def _head(old: Side, new: Side, changed: SettingDiff, width: int) -> tuple[Line, ...]:
    out: list[Line] = []
    for name, side in (("First", old), ("Second", new)):
        out += field(name, side.title, width=width)
        out += field("", side.about, "dim", width=width) if side.about else ()
        if side.problem:
            out += field("", side.problem, "stale", width=width)
    text = summary(old, new, changed)
    return (
        *out,
        *field("Differences", text[:1].upper() + text[1:], "changed" if changed.differences else "text", width=width),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One difference as text; a whole line where it is not a pair of values."""

    key: str
    old: str
    new: str
    mark: str = " "


def _section(section: Section, found: Sequence[Difference], old: Side, new: Side, width: int) -> LazyLines:
    title, _, more = _WORDS[section]
    count = f"{len(found):,} {'differs' if len(found) == 1 else 'differ'}" if more else ""
    name_of = _names(section, old.setting.plan, new.setting.plan)
    rows = [_row(section, each, name_of) for each in found]
    heads = heading(title, count)
    if section in (Section.NODES, Section.EDGES):
        return ConcatenatedLines(fixed(heads), MappedLines(rows, _listed))
    key, value = _columns(rows, width)
    titles = f"   {fit('KEY', key)}  {fit('FIRST', value)}  SECOND"
    table = MappedLines(rows, partial(_pair, key=key, value=value))
    return ConcatenatedLines(fixed((*heads, line((titles, "header")))), table)


def _columns(rows: Sequence[_Row], width: int) -> tuple[int, int]:
    """Return the widths of the key and of each value."""
    free = max(width - 8, 24)
    longest_key = max(cells(row.key) for row in rows)
    longest = max(max(cells(row.old), cells(row.new)) for row in rows)
    value = max(min(max(longest, 14), (free - min(longest_key, free * 2 // 5)) // 2), 8)
    return max(min(longest_key, free - 2 * value), 8), value


def _row(section: Section, each: Difference, name_of: Callable[[str], str]) -> _Row:
    mark = "+" if each.old is ABSENT else "-" if each.new is ABSENT else "±"
    if section is Section.EDGES:
        times = each.new if each.old is ABSENT or each.new is not ABSENT else each.old
        count = (
            f"{value_text(each.old)} → {value_text(each.new)}"
            if mark == "±"
            else f"{times} times"
            if times != 1
            else ""
        )
        assert not isinstance(each.key, str)  # noqa: S101 - narrows the type
        source, target, strategy, mode = each.key
        ends = f"{name_of(source)} → {name_of(target)}"
        return _Row(ends, "", "  ".join(filter(None, (strategy, mode, count))), mark)
    key = each.key if isinstance(each.key, str) else ""
    if section is Section.NODES:
        return _Row(name_of(key), "", node_changes(each), mark)
    times = "×" if section in (Section.PARALLELISM, Section.VERTICES) else ""
    before, after = (
        _NOT_SET if value is ABSENT or value is None else shorten(times + value_text(each.shown(value)), _LONGEST)
        for value in (each.old, each.new)
    )
    return _Row(name_of(key), before, after, mark)


def node_changes(each: Difference) -> str:
    """Return how a node differs that both plans have: `parallelism ×4 → ×8, group source → join`."""
    old = each.old if isinstance(each.old, dict) else {}
    new = each.new if isinstance(each.new, dict) else {}
    return ", ".join(
        f"{_FIELDS.get(name, name)} {_field(name, old.get(name))} → {_field(name, new.get(name))}"
        for name in each.fields
    )


def _field(name: str, value: object) -> str:
    if value is None or value == "":
        return _NOT_SET
    text = visible(shorten(value_text(value), 60))
    return f"×{text}" if name == "parallelism" else text


def _names(section: Section, *plans: Plan | None) -> Callable[[str], str]:
    """Return a function from a key to its name: that of the operator or of the vertex where a plan has it."""
    names: dict[str, str] = {}
    for plan in plans if section in (Section.VERTICES, Section.NODES, Section.EDGES) else ():
        if plan is None:
            continue
        if section is Section.VERTICES:
            names |= _vertex_names(plan)
        else:
            names |= {node.id: f"{node.id} {short_name(node)}" for node in plan.node_by_id.values()}
    return lambda key: visible(names.get(key, key))


def _vertex_names(plan: Plan) -> Mapping[str, str]:
    chains = (
        (vertex, tuple(plan.node_by_id[m] for m in members if m in plan.node_by_id))
        for vertex, members in plan.vertices
    )
    return {vertex: f"{member_name(Member(vertex, nodes))} #{vertex[:8]}" for vertex, nodes in chains if nodes}


def _pair(row: _Row, key: int, value: int) -> Line:
    old, new = (
        Span(fit(text, value), "dim" if text == _NOT_SET else style)
        for text, style in ((row.old, "text"), (row.new, "changed"))
    )
    name = fit(squeeze(row.key, key), key)
    return line((f" {row.mark} ", mark_style(row.mark)), f"{name}  ", old, "  ", new, value=row.new)


def _listed(row: _Row) -> Line:
    return line(
        (f" {row.mark} ", mark_style(row.mark)), row.key, (f"  {row.new}" if row.new else "", "changed"), value=row.key
    )


def _costs(old: Side, new: Side, width: int) -> tuple[Line, ...]:
    out = [*heading("Cost")]
    for name, side in (("First", old), ("Second", new)):
        cost = side.setting.cost
        out += field(name, estimate_text(cost), "text" if cost else "dim", width=width)
    return tuple(out)


def _arithmetic(old: Side, new: Side, width: int) -> tuple[Line, ...]:
    out: list[Line] = []
    for name, side in (("first", old), ("second", new)):
        cost = side.setting.cost
        if cost is not None:
            out += (*heading(f"Arithmetic of the {name} cost"), *estimate_lines(cost, width))
    return tuple(out)


def _not_compared(old: Side, new: Side, changed: SettingDiff, width: int) -> tuple[Line, ...]:
    """Return which parts only one of the two has, and which values are masked."""
    if not (changed.unknown or changed.masked) or old.problem or new.problem:
        return ()
    out = [*heading("Not compared", "masked, or only in one of the two")]
    for section, found in groupby(changed.masked, key=itemgetter(0)):
        name_of = _names(section, old.setting.plan, new.setting.plan)
        for _, key in found:
            out += note(f"{name_of(key)}: masked", width)
    for section in changed.unknown:
        has = [_has(side.setting, section) for side in (old, new)]
        which = "some only in one of the two" if all(has) else f"only in the {'first' if has[0] else 'second'}"
        out += note(f"{_WORDS[section][0]}: {which}", width)
    return tuple(out)


def _has(setting: Setting, section: Section) -> bool:
    return getattr(setting, section.value) is not None
