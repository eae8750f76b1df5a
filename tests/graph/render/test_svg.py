"""SVG: every box, line and text of the drawing is complete with any names."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from hottui.graph.draw import draw_plan
from hottui.graph.render.drawing import Direction, Drawing
from hottui.graph.render.svg import SvgText, to_svg
from tests.graph.render.test_dot_mermaid import hostile
from tests.graph.shapes import ALL, multi_way_join, plan_of, strange_names

SVG = "{http://www.w3.org/2000/svg}"
Point = tuple[float, float]


def root_of(drawing: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(to_svg(drawing))


def strokes(root: ElementTree.Element, *, arrows: bool = True) -> list[list[Point]]:
    """Return the points of each stroke and arrow, in drawing order."""
    found: list[list[Point]] = []
    x = y = 0.0
    for path in root.iter(f"{SVG}path"):
        if not arrows and path.attrib["fill"] != "none":
            continue
        for command, given in re.findall(r"([MLHVQhvZ])([^MLHVQhvZ]*)", path.attrib["d"]):
            numbers = [float(n) for n in given.split()]
            if command == "M":
                found.append([])
            match command:
                case "M" | "L":
                    x, y = numbers
                case "Q":
                    x, y = numbers[2:]
                case "H":
                    (x,) = numbers
                case "V":
                    (y,) = numbers
                case "h":
                    x += numbers[0]
            found[-1].append((x, y))
    return found


def frames(root: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    """Return left, top, right, bottom of each box."""
    found = []
    for rect in root.iter(f"{SVG}rect"):
        if rect.find(f"{SVG}title") is not None:
            x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return found


@pytest.mark.parametrize("detail", range(3))
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("name", ALL)
def test_lines_start_and_end_at_their_boxes(name: str, direction: Direction, detail: int) -> None:
    drawing = draw_plan(ALL[name](), direction=direction, detail=detail)
    root = root_of(drawing)
    boxes = dict(zip((box.id for box in drawing.boxes), frames(root), strict=True))
    points = {point for stroke in strokes(root) for point in stroke}

    def touched(box_id: str, side: int) -> bool:
        """Whether something ends at the left (0), upper (1), right (2) or lower (3) side of a box."""
        left, top, right, bottom = boxes[box_id]
        edge = boxes[box_id][side]
        if side in {0, 2}:
            return any(x == edge and top <= y <= bottom for x, y in points)
        return any(y == edge and left <= x <= right for x, y in points)

    first, last = (0, 2) if direction is Direction.LR else (1, 3)
    for edge in drawing.edges:
        assert touched(edge.source, first if edge.is_reversed else last)
        assert touched(edge.target, last if edge.is_reversed or edge.source == edge.target else first)


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("name", ALL)
def test_strokes_have_no_loose_ends(name: str, direction: Direction) -> None:
    """Each end of a stroke is on another stroke, on a box, or next to a letter."""
    drawing = draw_plan(ALL[name](), direction=direction)
    root = root_of(drawing)
    pens = strokes(root, arrows=False)
    letters = [
        (float(text.attrib["x"]), float(text.attrib["y"]))
        for text in root.iter(f"{SVG}text")
        if len("".join(text.itertext())) == 1
    ]
    stretches = [pair for pen in strokes(root) for pair in pairwise(pen)]

    def held(end: Point, own: list[Point]) -> bool:
        x, y = end
        if any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in frames(root)):
            return True
        if any(-1 <= x - lx <= 9 and -14 <= y - ly <= 5 for lx, ly in letters):
            return True
        return any(
            min(a[0], b[0]) <= x <= max(a[0], b[0]) and min(a[1], b[1]) <= y <= max(a[1], b[1])
            for a, b in stretches
            if not (a in own and b in own)
        )

    for pen in pens[:: max(len(pens) // 150, 1)]:
        assert held(pen[0], pen)
        assert held(pen[-1], pen)


def test_text_stays_within_its_box() -> None:
    """With characters of one or two cells, no line of text is wider than its box."""
    drawing = draw_plan(strange_names(), detail=2)
    root = root_of(drawing)
    assert len(frames(root)) == len(drawing.boxes)
    rows = {row.text for row in root.iter(f"{SVG}tspan")}
    assert "数据源：订单明细表" in rows
    assert not root.findall(".//*[@textLength]")


def test_title_and_legend_are_not_truncated() -> None:
    title = [SvgText("a title that is far longer than the drawing & its <boxes>", bold=True)]
    root = ElementTree.fromstring(
        to_svg(draw_plan(plan_of({"1": "x"}, [])), title, [[[SvgText("H  HASH")]], [[SvgText("Job")]]])
    )
    assert float(root.attrib["width"]) > len(title[0].text) * 9
    assert root.findtext(f"{SVG}title") == title[0].text
    texts = {"".join(text.itertext()): text.attrib for text in root.iter(f"{SVG}text")}
    assert {"H  HASH", "Job", title[0].text} <= texts.keys()
    assert texts["H  HASH"]["y"] == texts["Job"]["y"]  # side by side if there is space
    assert max(float(text["y"]) for text in texts.values()) < float(root.attrib["height"])


def test_an_empty_plan_has_a_drawing() -> None:
    assert float(root_of(draw_plan(ALL["empty"]())).attrib["height"]) > 0


def test_groups_have_their_colours() -> None:
    assert to_svg(draw_plan(multi_way_join())).count('stroke="#1d4ed8"') == 0


def test_hostile_names_are_escaped() -> None:
    root = root_of(draw_plan(hostile()))
    assert not root.findall(f".//{SVG}script")
    assert any("evil" in (text.text or "") for text in root.iter(f"{SVG}tspan"))
