"""Highlighted strokes: the Unicode names show which arms of a character are heavy."""

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

DIRECTIONS = {"LEFT": LEFT, "RIGHT": RIGHT, "UP": UP, "DOWN": DOWN, "HORIZONTAL": HORIZONTAL, "VERTICAL": VERTICAL}
JOINTS = [(char, arms) for arms, char in enumerate(UNICODE.joints) if arms.bit_count() > 2]


def heavy(char: str) -> int:
    """Return the heavy arms of a box-drawing character."""
    words = unicodedata.name(char).removeprefix("BOX DRAWINGS ")
    if words.startswith("HEAVY "):
        words = f"{words.removeprefix('HEAVY ').replace(' AND ', ' ')} HEAVY"
    heavy_arms = [part.split()[:-1] for part in words.split(" AND ") if part.endswith("HEAVY")]
    return sum(DIRECTIONS[direction] for directions in heavy_arms for direction in directions)


@pytest.mark.parametrize(("char", "arms"), JOINTS)
def test_only_the_highlighted_arms_of_a_joint_are_heavy(char: str, arms: int) -> None:
    directions = [direction for direction in (LEFT, RIGHT, UP, DOWN) if arms & direction]
    for many in range(2, len(directions) + 1):
        for some in combinations(directions, many):
            assert heavy(highlighted_arms(char, sum(some), UNICODE)) == sum(some)


@pytest.mark.parametrize("char", "─│╭╮╰╯├┤┬┴┼")
def test_a_highlighted_stroke_is_heavy(char: str) -> None:
    assert heavy(highlighted(char, UNICODE)) == UNICODE.joints.index(char)


def test_ascii_highlights_the_whole_joint() -> None:
    assert highlighted_arms("{", UP | LEFT, ASCII) == highlighted("{", ASCII) == "#"
