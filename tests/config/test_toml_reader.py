"""The line of each key, in every form TOML has."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.config.toml_reader import key_lines

EVERY_FORM = '''# comment = 1
first = 1 # [no.table]
dotted.a.b = "# no = comment"
dotted . a . "c.d" = 2
text = """
hidden = 1
\\""" still = 2
[hidden]
""""
literal = \'\'\'
x = 'y'
\'\'\'
list = [ # comment ]
  "a]", [1, 2],
  { inside = 1, deep.er = 2 }, # x = 3
]
inline = { a = 1, b = { c = [1, 2] }, "d" = 'x}' }
date = 2026-01-01 10:00:00

[table]
key = 'a = b'
[ table . "sub table" ]
'quoted key' = true
"esc\\u0061pe" = 1
[[array]]
n = 1
[[array]]
n = 2
m = 3
'''


def test_all_forms_of_keys() -> None:
    tomllib.loads(EVERY_FORM)
    lines = {".".join(path): line for path, line in key_lines(EVERY_FORM).items()}
    assert lines == {
        "first": 2,
        "dotted": 3,
        "dotted.a": 3,
        "dotted.a.b": 3,
        "dotted.a.c.d": 4,
        "text": 5,
        "literal": 10,
        "list": 13,
        "list.inside": 15,
        "list.deep": 15,
        "list.deep.er": 15,
        "inline": 17,
        "inline.a": 17,
        "inline.b": 17,
        "inline.b.c": 17,
        "inline.d": 17,
        "date": 18,
        "table": 20,
        "table.key": 21,
        "table.sub table": 22,
        "table.sub table.quoted key": 23,
        "table.sub table.escape": 24,
        "array": 25,
        "array.n": 26,
        "array.m": 29,
    }


KEYS = st.sampled_from(["a", "b-1", "c_2", '"d e"', "'f.g'", '"h\\"i"', '"#"'])
SCALARS = ["1", "true", "-1.5e3", "2026-01-01", '"x"', "'#'", '"a\\"]"', '"""\nb = 1\n"""', "'''\n]\n'''", "''"]
VALUES = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: "[\n" + ", # c\n".join(items) + "\n]"),
    max_leaves=4,
)


@given(st.lists(st.tuples(st.sampled_from(["", "[t]", "[t.u]", "[[v]]"]), KEYS, VALUES), max_size=6))
def test_every_key_has_a_line(parts: list[tuple[str, str, str]]) -> None:
    text = "".join(f"{header}\n{key} = {value}\n" for header, key, value in parts)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = key_lines(text)
    assert set(lines) == set(paths(document))
    for path, line in lines.items():
        assert path[-1] in text.split("\n")[line - 1].replace('\\"', '"')


def paths(value: Any, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    match value:
        case dict():
            return [path for key, part in value.items() for path in [(*above, key), *paths(part, (*above, key))]]
        case list():
            return [path for part in value for path in paths(part, above)]
    return []


@pytest.mark.parametrize("text", ["", "=", "[", "a", "a = [", 'a = "', "[[", "a = {b", "\\", "a = }", "[a\n="])
def test_scanning_invalid_toml_terminates(text: str) -> None:
    key_lines(text)


@given(st.text(alphabet="a=[]{}\"'\\.,#\n ", max_size=40))
def test_scanning_any_text_terminates(text: str) -> None:
    key_lines(text)
