"""Finding boxes of a drawing by words that stand anywhere in what is known of them."""

from functools import cached_property

from hottui.graph.drawing import Drawing
from hottui.model.plan import Plan
from hottui.tui.detail.plan_text import nodes_of


class Finder:
    """Searches one drawing; what is searched is put together when it is first asked for."""

    def __init__(self, drawing: Drawing, plan: Plan) -> None:
        self._drawing, self._plan = drawing, plan

    @cached_property
    def _texts(self) -> list[str]:
        texts = []
        for box in self._drawing.boxes:
            operators = (f"{node.id} {node.type} {node.desc}" for node in nodes_of(box, self._plan))
            texts.append(" ".join((box.id, box.name, box.group, *operators)).lower())
        return texts

    def matches(self, words: tuple[str, ...]) -> list[int]:
        """The positions of the boxes that hold every word, in small letters."""
        return [n for n, text in enumerate(self._texts) if all(word in text for word in words)]
