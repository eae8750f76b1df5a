"""Export a plan as Graphviz dot and as Mermaid.

Names in a plan are data: they are always written as text, never as syntax.
"""

import re
from collections.abc import Iterator, Mapping

from hottui.graph.labels import member_name, parallelism_of, strategy_words
from hottui.graph.plan_graph import Level, PlanGraph, prepare
from hottui.graph.render.box_drawing import UNICODE
from hottui.model.control_characters import shorten, visible
from hottui.model.plan import Plan

_PLAIN = set(" _-+.,:/×→")
_LONGEST = 200
"""Maximum number of characters of a name; both tools reserve space for each."""
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
"""Both tools produce XML, which does not allow these."""
MERMAID_EDGES = 500
"""Mermaid's default `maxEdges`; larger diagrams are refused."""
MERMAID_CHARACTERS = 50_000
"""Mermaid's default `maxTextSize`, in UTF-16 code units."""
Changes = Mapping[str, tuple[int, int]]


def to_dot(plan: Plan, level: Level = Level.VERTEX, changes: Changes | None = None, *, ascii_only: bool = False) -> str:
    """Return `plan` in the dot language; `changes` maps node ids to old and new parallelism."""
    graph = prepare(plan, level)
    lines = ["digraph plan {", "  rankdir=LR;", "  node [shape=box];"]
    for number, texts in enumerate(_texts(graph, changes or {})):
        lines.append(f'  n{number} [label="{_dot(texts[0])}\\n{_dot(texts[1])}"];')
    for source, target, label in _arrows(graph):
        lines.append(f"  n{source} -> n{target}" + (f' [label="{_dot(label)}"];' if label else ";"))
    text = "\n".join([*lines, "}", ""])
    # Graphviz corrupts character entities above 16 bits.
    return _ASTRAL.sub("\ufffd", text).encode("ascii", "xmlcharrefreplace").decode() if ascii_only else text


def to_mermaid(
    plan: Plan, level: Level = Level.VERTEX, changes: Changes | None = None, *, ascii_only: bool = False
) -> str:
    """Return `plan` as a Mermaid flowchart; `changes` maps node ids to old and new parallelism."""
    graph = prepare(plan, level)
    lines = ["flowchart LR"]
    for number, texts in enumerate(_texts(graph, changes or {})):
        lines.append(f'  n{number}["{_mermaid(texts[0], ascii_only)}<br/>{_mermaid(texts[1], ascii_only)}"]')
    for source, target, label in _arrows(graph):
        lines.append(f"  n{source} -->" + (f'|"{_mermaid(label, ascii_only)}"|' if label else "") + f" n{target}")
    return "\n".join([*lines, ""])


def _texts(graph: PlanGraph, changes: Changes) -> Iterator[tuple[str, str]]:
    for member in graph.members:
        more = f" +{len(member.nodes) - 1}" if len(member.nodes) > 1 else ""
        name = _NOT_IN_XML.sub("\ufffd", visible(member_name(member)))
        yield shorten(name, _LONGEST) + more, parallelism_of(member, changes, UNICODE)[0]


def _arrows(graph: PlanGraph) -> Iterator[tuple[int, int, str]]:
    for link in graph.links:
        words = _NOT_IN_XML.sub("\ufffd", visible(strategy_words(link.strategies)))
        yield link.source, link.target, shorten(words, _LONGEST)


def _dot(text: str) -> str:
    """Escape text for a quoted dot string; dot interprets `&` as the start of an entity."""
    return text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


def _mermaid(text: str, ascii_only: bool) -> str:
    """Escape everything that could be Mermaid syntax as an entity code."""
    return "".join(
        [c if (c.isalnum() or c in _PLAIN) and (c.isascii() or not ascii_only) else f"#{ord(c)};" for c in text]
    )
