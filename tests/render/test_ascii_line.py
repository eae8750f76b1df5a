"""ASCII lines: as wide as before, with one kind of arrow and three dots."""

from rich.cells import cell_len

from hottui.model.cell_width import fit, truncate
from hottui.render.ascii_line import ascii_line
from hottui.render.glyphs import ASCII, UNICODE, ascii_text, key_names


def test_a_line_in_ascii_is_as_wide_as_before() -> None:
    for parts, expected in (
        (["a 4 → 10   b"], ["a 4 -> 10  b"]),
        (["4 →", " 10  ", "  b"], ["4 ->", " 10 ", "  b"]),
        (["4 → 10 "], ["4 ->10 "]),
        (["4 → 10"], ["4 ->10"]),
        (["4→10"], ["4>10"]),
        (["1 → 2, 3 → 4  x"], ["1 -> 2, 3 ->4 x"]),
        (["│ 4 → 10│  "], ["| 4 ->10|  "]),
        (["abcdef… x"], ["abcd... x"]),
        (["abc", "d…   "], ["abc", "d... "]),
        (["24 … x"], ["2... x"]),
        (["24 →… x"], ["24... x"]),
        (["24, 1…"], ["24,..."]),
        (["Comparing…    "], ["Comparing...  "]),
        (["a …timeout 5"], ["a ...meout 5"]),
        (["… and 5 more   "], ["... and 5 more "]),
        (["… and 5"], [". and 5"]),
        (["作业→  ×4…"], ["????-> ..."]),
        (["作业 ● plain"], ["???? * plain"]),
    ):
        assert ascii_line(parts) == expected
        assert cell_len("".join(parts)) == cell_len("".join(expected)), parts


def test_other_texts_in_ascii() -> None:
    assert ascii_text("4 → 10…") == "4 -> 10..."
    assert key_names("→ l", ASCII) == "right l"
    assert key_names("→ l", UNICODE) == "→ l"
    for width, expected in ((9, "abcdef..."), (4, "a..."), (2, ".."), (0, "")):
        assert fit("abcdefghijkl", width, "...") == truncate("abcdefghijkl", width, "...") == expected
