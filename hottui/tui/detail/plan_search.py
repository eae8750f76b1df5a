"""Search the boxes of a drawing: by name and type, or else by description."""

from functools import cached_property

from hottui.graph.labels import short_name
from hottui.graph.render.drawing import Drawing
from hottui.model.plan import Plan
from hottui.render.plan_names import nodes_of


class PlanSearch:
    """Searches one drawing."""

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
