"""Disambiguate boxes with the same name by an argument in which their descriptions differ."""

import re
from collections.abc import Iterable, Mapping, Sequence

from hottui.graph.labels import naming_node, short_name
from hottui.graph.plan_graph import Member

_ARGUMENT = re.compile(r"\b(\w++)=\[((?:[^\[\]]++|\[[^\[\]]*+\])*+)\]")
_LONGEST = 4_000
"""Characters of a description that are examined; a literal in it may have a megabyte."""


def disambiguate(members: Iterable[Member]) -> dict[str, str]:
    """Return, by member id, a distinguishing argument such as `groupBy=[city]` for members that share a name.

    Members whose descriptions do not differ are left out.
    """
    described: dict[str, dict[str, str]] = {}
    for member in members:
        node = naming_node(member)
        described.setdefault(short_name(node), {})[member.id] = node.desc
    marks: dict[str, str] = {}
    for alike in described.values():
        if len(alike) > 1:
            arguments = {box: dict(_ARGUMENT.findall(desc[:_LONGEST])) for box, desc in alike.items()}
            key = _distinguishing_argument(list(arguments.values()))
            marks |= {box: f"{key}=[{each[key]}]" for box, each in arguments.items() if key in each}
    return marks


def _distinguishing_argument(arguments: Sequence[Mapping[str, str]]) -> str:
    """Return the argument with the most distinct values (the first of several), or "" if none has two."""
    values: dict[str, set[str]] = {}
    for each in arguments:
        for key, value in each.items():
            values.setdefault(key, set()).add(value)
    found = max(values, key=lambda key: len(values[key]), default="")
    return found if len(values.get(found, ())) > 1 else ""
