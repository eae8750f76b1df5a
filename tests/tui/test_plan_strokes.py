"""What selection and light do to strokes: Unicode's own names tell which arms of a character are heavy."""

import unicodedata
from itertools import combinations

import pytest

from hottui.graph.render.box_drawing import (
    ASCII,
    DOWN,
    HORIZONTAL,
    LEFT,
    RIGHT,
    UNICODE,
    UP,
    VERTICAL,
    highlighted,
    highlighted_arms,
)

WAYS = {"LEFT": LEFT, "RIGHT": RIGHT, "UP": UP, "DOWN": DOWN, "HORIZONTAL": HORIZONTAL, "VERTICAL": VERTICAL}
JOINTS = [(char, arms) for arms, char in enumerate(UNICODE.joints) if arms.bit_count() > 2]


def heavy(char: str) -> int:
    """The heavy arms of a box-drawing character."""
    words = unicodedata.name(char).removeprefix("BOX DRAWINGS ")
    if words.startswith("HEAVY "):
        words = f"{words.removeprefix('HEAVY ').replace(' AND ', ' ')} HEAVY"
    return sum(WAYS[way] for part in words.split(" AND ") if part.endswith("HEAVY") for way in part.split()[:-1])


@pytest.mark.parametrize(("char", "arms"), JOINTS)
def test_only_the_lit_arms_of_a_joint_are_heavy(char: str, arms: int) -> None:
    ways = [way for way in (LEFT, RIGHT, UP, DOWN) if arms & way]
    for many in range(2, len(ways) + 1):
        for some in combinations(ways, many):
            assert heavy(highlighted_arms(char, sum(some), UNICODE)) == sum(some)


@pytest.mark.parametrize("char", "─│╭╮╰╯├┤┬┴┼")
def test_a_lit_stroke_is_heavy(char: str) -> None:
    assert heavy(highlighted(char, UNICODE)) == UNICODE.joints.index(char)


def test_ascii_marks_the_whole_joint() -> None:
    assert highlighted_arms("{", UP | LEFT, ASCII) == highlighted("{", ASCII) == "#"
