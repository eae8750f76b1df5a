"""Full names of boxes, disambiguated where several share a name, and the search for boxes."""

from collections import Counter
from functools import cached_property

from hottui.graph.disambiguate import disambiguate
from hottui.graph.labels import member_name, short_name
from hottui.graph.plan_graph import Member
from hottui.graph.render.drawing import Box, Drawing
from hottui.model.control_characters import shorten, visible
from hottui.model.plan import Node, Plan

_MARK = 36
"""Maximum characters of a distinguishing argument."""


def nodes_of(box: Box, plan: Plan) -> tuple[Node, ...]:
    """Return the operators of a box in chain order."""
    return tuple(plan.node_by_id[node] for node in box.nodes if node in plan.node_by_id)


class NodeNames:
    """The names of the boxes of one `drawing` of a `plan`."""

    def __init__(self, drawing: Drawing, plan: Plan) -> None:
        self.drawing, self.plan = drawing, plan
        members = {box.id: Member(box.id, nodes) for box in drawing.boxes if (nodes := nodes_of(box, plan))}
        self._full = {box.id: box.name for box in drawing.boxes}
        self._full |= {box_id: visible(member_name(member)) for box_id, member in members.items()}
        self._times = Counter(self._full.values())
        self._marks = disambiguate(members.values())
        self._same_mark = Counter((name, self._marks.get(box_id)) for box_id, name in self._full.items())
        self._first = {box.id: next(iter(box.nodes), box.id) for box in drawing.boxes}

    def full(self, box_id: str) -> str:
        """Return the full name of a box; the drawing may truncate it."""
        return self._full[box_id]

    def unique(self, box_id: str) -> str:
        """Return the name, with a distinguishing argument if others share it, and an id if that is not unique."""
        name, mark = self._full[box_id], self._marks.get(box_id)
        if self._times[name] == 1:
            return name
        parts = [name, shorten(visible(mark), _MARK)] if mark else [name]
        if not mark or self._same_mark[name, mark] > 1:
            parts.append(f"#{visible(self._first[box_id])}")
        return " ".join(parts)


class PlanSearch:
    """Searches the boxes of one drawing: by name and type, or else by description."""

    def __init__(self, drawing: Drawing, plan: Plan) -> None:
        self._drawing, self._plan = drawing, plan

    def make_searchable(self) -> None:
        """Build the search texts, which is slow for thousands of boxes."""
        _ = self._names, self._descriptions

    @cached_property
    def _names(self) -> list[str]:
        """For each box its name, and the ids, names and types of its operators."""
        texts = []
        for box in self._drawing.boxes:
            operators = (f"{node.id} {short_name(node)} {node.type}" for node in nodes_of(box, self._plan))
            texts.append(" ".join((box.id, box.name, box.group, *operators)).lower())
        return texts

    @cached_property
    def _descriptions(self) -> list[str]:
        boxes = self._drawing.boxes
        return [" ".join(node.desc for node in nodes_of(box, self._plan)).lower() for box in boxes]

    def matches(self, words: tuple[str, ...]) -> list[int]:
        """Return the indices of the boxes whose names, or else descriptions, contain all `words` (lower-case)."""
        return _containing(self._names, words) or _containing(self._descriptions, words)


def _containing(texts: list[str], words: tuple[str, ...]) -> list[int]:
    return [n for n, text in enumerate(texts) if all(word in text for word in words)]
