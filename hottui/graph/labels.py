"""What a box says at each level of detail, as styled parts of lines."""

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import NamedTuple

from hottui.graph.cells import cells, fit, label
from hottui.graph.prepare import Member
from hottui.graph.strokes import Strokes
from hottui.model.plan import FORWARD, Node

_TABLE = re.compile(r"(?:table|name)=\[+([^\]]*)")
_COUNTER = re.compile(r"\[\d+\]")
_DULL = ("Calc", "Exchange", "MiniBatchAssigner", "WatermarkAssigner", "DropUpdateBefore", "Values")
"""Operators that say little about what a chain does: its name is that of another member where there is one."""
_SHIPPED = {"HASH": "H", "REBALANCE": "R", "BROADCAST": "B", "GLOBAL": "G", "RESCALE": "S", FORWARD: "F", "": "F"}
_UNKNOWN = "?"


class Kind(IntEnum):
    """What a run of characters in a drawing is, for whoever gives it a colour."""

    BLANK = 0
    LINE = 1
    ARROW = 2
    STRATEGY = 3
    BORDER = 4
    NAME = 5
    MORE = 6
    PARALLELISM = 7
    CHANGED = 8
    GROUP = 9
    DETAIL = 10


class Part(NamedTuple):
    """A piece of a box's line."""

    text: str
    kind: Kind


Line = tuple[Part, ...]


class Caption(NamedTuple):
    """Everything a box says: what it is called, and its lines at the detail asked for."""

    name: str
    parallelism: str
    group: str
    letter: str
    changed: bool
    lines: tuple[Line, ...]
    width: int
    """Cells of the widest line."""


def short_name(node: Node) -> str:
    """The name a person would use: the table of a scan or sink, else the operator's own word."""
    text = node.desc or node.type or node.id
    if "=[" in text and ("Scan" in text or "Sink" in text or text.startswith("Source")):
        table = _TABLE.search(text)
        if table:
            parts = [part.strip(" `") for part in re.split(r"[,.]", table[1].partition(", source:")[0])]
            return parts[-1] or text
    return _operator(text) or _COUNTER.sub("", text).strip() or node.id


def _operator(text: str) -> str:
    """The operator's own word: what stands before the arguments, without counters."""
    word = text.partition("(")[0]
    if "[" in word:
        word = _COUNTER.sub("", word).partition("[")[0]
    return word.removeprefix("Source: ").removesuffix(": Writer").strip()


def member_name(member: Member) -> str:
    """The name of a chain: its first operator that says what the chain does."""
    first = short_name(member.nodes[0])
    if not first.startswith(_DULL):
        return first
    for node in member.nodes[1:]:
        name = short_name(node)
        if not name.startswith(_DULL):
            return name
    return first


def naming_node(member: Member) -> Node:
    """The operator whose name is that of its chain."""
    name = member_name(member)
    return next(node for node in member.nodes if short_name(node) == name)


def parallelism_of(member: Member, changes: Mapping[str, tuple[int, int]], strokes: Strokes) -> tuple[str, bool]:
    """`×4`, `×4 → ×10` where it changes, `×1/4` where chained operators differ; and whether it changes."""
    moved = dict.fromkeys([changes[node.id] for node in member.nodes if node.id in changes]) if changes else {}
    if moved:
        arrow = f" {strokes.becomes} {strokes.times}"
        return ", ".join(f"{strokes.times}{old}{arrow}{new}" for old, new in moved), True
    first = member.nodes[0].profile.parallelism
    if len(member.nodes) == 1:
        return ("" if first is None else f"{strokes.times}{first}"), False
    values = dict.fromkeys([node.profile.parallelism for node in member.nodes])
    known = "/".join([str(value) for value in values if value is not None])
    return (f"{strokes.times}{known}" if known else ""), False


def caption(
    member: Member,
    detail: int,
    *,
    changes: Mapping[str, tuple[int, int]],
    letters: Mapping[str, str],
    strokes: Strokes,
    max_name: int,
    apart: str = "",
) -> Caption:
    """What the box of `member` says. `letters` has the group letters, empty when there is nothing to tell apart;
    `apart` is what tells it from others of its name, said where there is room for a description."""
    parallelism, changed = parallelism_of(member, changes, strokes)
    name = fit(label(member_name(member)), max_name, strokes.ellipsis)
    group = member.nodes[0].profile.group
    letter = letters.get(group, "")
    lines: tuple[Line, ...]
    if detail == 0:
        lines = _brief(member, parallelism, changed, strokes)
    else:
        lines = _usual(member, name, parallelism, changed, letter)
    if detail > 1:
        lines += tuple(_details(member, strokes, max_name, apart))
    return Caption(name, parallelism, group, letter, changed, lines, max([_width(line) for line in lines]))


def _width(line: Line) -> int:
    if len(line) == 1:
        return cells(line[0].text)
    return sum([cells(part.text) for part in line])


def _usual(member: Member, name: str, parallelism: str, changed: bool, letter: str) -> tuple[Line, Line]:
    """A name, and what it runs with."""
    first: Line = (Part(name, Kind.NAME),)
    if len(member.nodes) > 1:
        first += (Part(f" +{len(member.nodes) - 1}", Kind.MORE),)
    second: Line = (Part(parallelism, Kind.CHANGED if changed else Kind.PARALLELISM),) if parallelism else ()
    if letter:
        second += (Part(" ", Kind.DETAIL),) if second else ()
        second += (Part(letter, Kind.GROUP),)
    return first, second


def _brief(member: Member, parallelism: str, changed: bool, strokes: Strokes) -> tuple[Line]:
    """An id and the parallelism."""
    shown = fit(label(member.id if len(member.id) <= 8 else member.nodes[0].id), 12, strokes.ellipsis)
    if not parallelism:
        return ((Part(shown, Kind.NAME),),)
    kind = Kind.CHANGED if changed else Kind.PARALLELISM
    return ((Part(shown, Kind.NAME), Part(" ", Kind.DETAIL), Part(parallelism, kind)),)


def _details(member: Member, strokes: Strokes, max_name: int, apart: str) -> Iterable[Line]:
    """What tells it apart; then a line for each chained operator, or else the description if nothing else is said."""
    texts = [apart] if apart else []
    if len(member.nodes) > 1:
        texts += [f"{node.id} {short_name(node)}" for node in member.nodes]
    elif not apart:
        texts = [member.nodes[0].desc or member.nodes[0].type]
    for text in texts:
        yield (Part(fit(label(text), max_name + 8, strokes.ellipsis), Kind.DETAIL),)


def group_letters(groups: Iterable[str]) -> dict[str, str]:
    """A letter for each group in order: A to Z, then AA, AB and on."""
    return {name: _letter(position) for position, name in enumerate(dict.fromkeys(groups))}


def _letter(position: int) -> str:
    text = ""
    position += 1
    while position:
        position, digit = divmod(position - 1, 26)
        text = chr(65 + digit) + text
    return text


def strategy_letters(strategies: Iterable[str]) -> dict[str, str]:
    """A letter for each ship strategy; one that is not known gets a letter of its name that is still free."""
    letters: dict[str, str] = {}
    taken = set(_SHIPPED.values())
    for strategy in dict.fromkeys(strategies):
        known = _SHIPPED.get(strategy.upper())
        if known is None:
            wishes = [c for c in strategy.upper() if "A" <= c <= "Z"] + [chr(65 + i) for i in range(26)]
            known = next((c for c in wishes if c not in taken), _UNKNOWN)
            taken.add(known)
        letters[strategy] = known
    return letters


def edge_label(strategies: tuple[str, ...], letters: Mapping[str, str]) -> str:
    """`H` for a hash edge, `2H` for two, `HB` for one of each; nothing for a single FORWARD edge."""
    if len(strategies) == 1:
        letter = letters[strategies[0]]
        return "" if letter == "F" else letter
    counted: dict[str, int] = {}
    for strategy in strategies:
        letter = letters[strategy]
        counted[letter] = counted.get(letter, 0) + 1
    if len(counted) == 1:
        (letter, count), *_ = counted.items()
        return (str(count) if count > 1 else "") + ("" if letter == "F" else letter)
    return "".join((str(count) if count > 1 else "") + letter for letter, count in counted.items())
