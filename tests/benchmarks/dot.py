"""Graphviz `dot` on the same plans, for comparison."""

import re
import resource
import shutil
import subprocess

from hottui.graph.plan_graph import Level, prepare
from hottui.model.plan import Plan

_CROSSINGS = re.compile(r"mincross \S+: (\d+) crossings")


def available() -> bool:
    """Whether `dot` is installed."""
    return shutil.which("dot") is not None


def source_of(plan: Plan) -> str:
    """Return a graph with boxes of one size, each connected pair joined by one edge."""
    graph = prepare(plan, Level.OPERATOR)
    lines = ["digraph G {rankdir=LR; ranksep=0.5; nodesep=0.15;"]
    lines.append('node [shape=box, fixedsize=true, width=2.4, height=0.45, label=""]; edge [arrowhead=none];')
    lines += [f"{number};" for number in range(len(graph.members))]
    lines += [f"{link.source} -> {link.target};" for link in graph.links if link.source != link.target]
    return "\n".join([*lines, "}"])


def crossings(plan: Plan) -> int:
    """Return the crossings that `dot` counts after its ordering, with one line per edge."""
    run = subprocess.run(["dot", "-v", "-Tplain"], input=source_of(plan), capture_output=True, text=True, check=True)
    found = _CROSSINGS.findall(run.stderr)
    return int(found[-1]) if found else 0


def seconds(plan: Plan) -> float:
    """Return the processor time of one process from start to end."""
    text = source_of(plan)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["dot", "-Tplain"], input=text, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
