"""Box labels at each level of detail, and edge labels."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from hottui.graph.difference_marks import ADDED, REMOVED
from hottui.graph.plan_graph import Member
from hottui.graph.render.box_drawing import Strokes
from hottui.model.cell_width import cells, label, truncate
from hottui.model.plan import FORWARD, Node

_TABLE = re.compile(r"(?:table|name)=\[+([^\]]*)")
_COUNTER = re.compile(r"\[\d+\]")
_GENERIC = ("Calc", "Exchange", "MiniBatchAssigner", "WatermarkAssigner", "DropUpdateBefore", "Values")
"""Generic operators. A chain is named after another of its operators if it has one."""
_LETTERS = {
    "HASH": "H",
    "REBALANCE": "R",
    "BROADCAST": "B",
    "GLOBAL": "G",
    "RESCALE": "S",
    FORWARD: "F",
    "": "F",
}
_UNKNOWN = "?"
_EDGE_SYMBOLS: Final = {ADDED: "n", REMOVED: "o"}
"""New and old: `+` and `-` would look like a part of the line. Letters of strategies are upper-case."""


class Kind(IntEnum):
    """What a run of characters in a drawing represents; determines its style."""

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
    ADDED = 11
    REMOVED = 12


_MARKS = {ADDED: Kind.ADDED, REMOVED: Kind.REMOVED}
"""The kind of the mark of a box in a drawing of two plans."""


class TextRun(NamedTuple):
    """A run of characters in a box, of one kind."""

    text: str
    kind: Kind


CaptionLine = tuple[TextRun, ...]


class Caption(NamedTuple):
    """The text of a box: its name, parallelism and group, and its lines at the requested detail."""

    name: str
    parallelism: str
    group: str
    letter: str
    changed: bool
    lines: tuple[CaptionLine, ...]
    width: int
    """Width of the widest line, in cells."""
    mark: str = ""
    """`+`, `-` or `±` in a drawing of two plans; see `difference_marks`."""


def short_name(node: Node) -> str:
    """Return the table name of a scan or sink, otherwise the operator name."""
    text = node.desc or node.type or node.id
    if "=[" in text and ("Scan" in text or "Sink" in text or text.startswith("Source")):
        table = _TABLE.search(text)
        if table:
            parts = [part.strip(" `") for part in re.split(r"[,.]", table[1].partition(", source:")[0])]
            return parts[-1] or text
    return _operator(text) or _COUNTER.sub("", text).strip() or node.id


def _operator(text: str) -> str:
    """Return the operator name: the text before the arguments, without counters."""
    word = text.partition("(")[0]
    if "[" in word:
        word = _COUNTER.sub("", word).partition("[")[0]
    return word.removeprefix("Source: ").removesuffix(": Writer").strip()


def member_name(member: Member) -> str:
    """Return the name of a chain: that of its first operator that is not generic."""
    first = short_name(member.nodes[0])
    if not first.startswith(_GENERIC):
        return first
    for node in member.nodes[1:]:
        name = short_name(node)
        if not name.startswith(_GENERIC):
            return name
    return first


def naming_node(member: Member) -> Node:
    """Return the operator that the chain is named after."""
    name = member_name(member)
    return next(node for node in member.nodes if short_name(node) == name)


class Unmoved(NamedTuple):
    """A pair in `changes` for an operator that runs with another parallelism than requested."""

    running: int
    asked: int


def parallelism_of(member: Member, changes: Mapping[str, tuple[int, int]], strokes: Strokes) -> tuple[str, bool]:
    """Return the parallelism as text (`×4`, `×4 → ×10` if it changes, `×1/4` if chained operators differ) and whether
    it changes."""
    moved = dict.fromkeys([changes[node.id] for node in member.nodes if node.id in changes]) if changes else {}
    if moved:
        symbols = [strokes.unmoved if isinstance(pair, Unmoved) else strokes.becomes for pair in moved]
        pairs = zip(moved, symbols, strict=True)
        return ", ".join(f"{strokes.times}{old} {symbol} {strokes.times}{new}" for (old, new), symbol in pairs), True
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
    mark: str = "",
    old_group: str | None = None,
) -> Caption:
    """Return the caption of `member`. `letters` maps groups to their letters and is empty if there is only one group;
    `apart` distinguishes it from members of the same name and is shown where a description fits. `mark` and the group
    it had before are those in a drawing of two plans."""
    parallelism, changed = parallelism_of(member, changes, strokes)
    name = truncate(label(member_name(member)), max_name, strokes.ellipsis)
    group = member.nodes[0].profile.group
    letter = letters.get(group, "")
    lines: tuple[CaptionLine, ...]
    if detail == 0:
        lines = _brief(member, parallelism, changed, strokes)
    else:
        shown = letter if old_group is None else f"{letters.get(old_group, '')}{strokes.becomes}{letter}"
        lines = _usual(member, name, parallelism, changed, shown)
    if mark:
        symbol = TextRun(mark if detail == 0 else f"{mark} ", _MARKS.get(mark, Kind.CHANGED))
        lines = ((symbol, *lines[0]), *lines[1:])
    if detail > 1:
        lines += tuple(_details(member, strokes, max_name, apart))
    widest = max([_width(line) for line in lines])
    return Caption(name, parallelism, group, letter, changed or bool(mark), lines, widest, mark)


def _width(line: CaptionLine) -> int:
    if len(line) == 1:
        return cells(line[0].text)
    return sum([cells(part.text) for part in line])


def _usual(member: Member, name: str, parallelism: str, changed: bool, letter: str) -> tuple[CaptionLine, CaptionLine]:
    """Return the two lines of detail 1: name, then parallelism and group."""
    first: CaptionLine = (TextRun(name, Kind.NAME),)
    if len(member.nodes) > 1:
        first += (TextRun(f" +{len(member.nodes) - 1}", Kind.MORE),)
    second: CaptionLine = (TextRun(parallelism, Kind.CHANGED if changed else Kind.PARALLELISM),) if parallelism else ()
    if letter:
        second += (TextRun(" ", Kind.DETAIL),) if second else ()
        second += (TextRun(letter, Kind.GROUP),)
    return first, second


def _brief(member: Member, parallelism: str, changed: bool, strokes: Strokes) -> tuple[CaptionLine]:
    """Return the line of detail 0: id and parallelism."""
    shown = truncate(label(member.id if len(member.id) <= 8 else member.nodes[0].id), 12, strokes.ellipsis)
    if not parallelism:
        return ((TextRun(shown, Kind.NAME),),)
    kind = Kind.CHANGED if changed else Kind.PARALLELISM
    return ((TextRun(shown, Kind.NAME), TextRun(" ", Kind.DETAIL), TextRun(parallelism, kind)),)


def _details(member: Member, strokes: Strokes, max_name: int, apart: str) -> Iterable[CaptionLine]:
    """Yield the extra lines of detail 2: the distinguishing argument, then the chained operators or the description."""
    texts = [apart] if apart else []
    if len(member.nodes) > 1:
        texts += [f"{node.id} {short_name(node)}" for node in member.nodes]
    elif not apart:
        texts = [member.nodes[0].desc or member.nodes[0].type]
    for text in texts:
        yield (TextRun(truncate(label(text), max_name + 8, strokes.ellipsis), Kind.DETAIL),)


def group_letters(groups: Iterable[str]) -> dict[str, str]:
    """Return a letter for each group in order: A to Z, then AA, AB and so on."""
    return {name: _letter(position) for position, name in enumerate(dict.fromkeys(groups))}


def _letter(position: int) -> str:
    text = ""
    position += 1
    while position:
        position, digit = divmod(position - 1, 26)
        text = chr(65 + digit) + text
    return text


def strategy_letters(strategies: Iterable[str]) -> dict[str, str]:
    """Return a letter for each ship strategy; an unknown one gets an unused letter, preferably from its name."""
    letters: dict[str, str] = {}
    taken = set(_LETTERS.values())
    for strategy in dict.fromkeys(strategies):
        known = _LETTERS.get(strategy.upper())
        if known is None:
            candidates = [c for c in strategy.upper() if "A" <= c <= "Z"] + [chr(65 + i) for i in range(26)]
            known = next((c for c in candidates if c not in taken), _UNKNOWN)
            taken.add(known)
        letters[strategy] = known
    return letters


def edge_label(strategies: tuple[str, ...], letters: Mapping[str, str]) -> str:
    """Return `H` for a hash edge, `2H` for two, `HB` for one of each, and "" for a single FORWARD edge."""
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


def strategy_words(strategies: Sequence[str]) -> str:
    """Return `HASH`, `2 HASH` for two, `HASH, BROADCAST` for one of each, and "" for a single FORWARD edge."""
    counted = Counter(strategies)
    if list(counted) == ["FORWARD"] and len(strategies) == 1:
        return ""
    return ", ".join(f"{count} {strategy}" if count > 1 else strategy for strategy, count in counted.items())


def marked_edge_label(strategies: Sequence[str], marks: Sequence[str], letters: Mapping[str, str]) -> str:
    """Return the label of an edge with marks: `nH`, `o` without a letter, `RoH` for a kept and an old strategy."""
    if not marks:
        return edge_label(tuple(strategies), letters)
    parts, found = [], dict.fromkeys(sorted(marks, key=("", ADDED, REMOVED).index))
    for mark in found:
        own = tuple(strategy for strategy, its in zip(strategies, marks, strict=True) if its == mark)
        label = edge_label(own, letters) or (letters[own[0]] if len(found) > 1 else "")
        parts.append(_EDGE_SYMBOLS.get(mark, "") + label)
    return "".join(parts)
