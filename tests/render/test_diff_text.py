"""The differences between two settings as text."""

from itertools import pairwise

from hottui.analysis.job_setting import Setting, setting_of_result
from hottui.analysis.result_diff import diff
from hottui.model.cell_width import cells
from hottui.model.masking import MASK
from hottui.model.plan import read_plan
from hottui.render.diff_text import Side, diff_lines, summary
from tests.analysis.jobs import result_of

FIRST = Setting(
    parallelism=4,
    conf={"execution.checkpointing.interval": "60 s", "gone": "1", "s3.secret-key": "one", "a.size": "4 GiB"},
    vertices={"v1": 4},
)
SECOND = Setting(
    parallelism=8,
    conf={"execution.checkpointing.interval": "3 min", "new.key": "x", "s3.secret-key": "two", "a.size": "4096m"},
    resources={"taskmanager cpu": 2.0},
)


def text(old: Side, new: Side, width: int = 80) -> str:
    return "\n".join(line.text for line in diff_lines(old, new, diff(old.setting, new.setting), width))


def test_differences_are_listed_by_section_with_both_values_and_a_mark() -> None:
    shown = text(Side("orders", FIRST), Side("orders again", SECOND))
    assert "Parallelism ×4 → ×8, 4 conf keys" in shown
    rows = [line.split() for line in shown.splitlines()]
    assert ["±", "execution.checkpointing.interval", "60", "s", "3", "min"] in rows
    assert ["-", "gone", "1", "not", "set"] in rows
    assert ["+", "new.key", "not", "set", "x"] in rows
    assert ["±", "s3.secret-key", MASK, MASK] in rows
    assert "a.size" not in shown  # equal by meaning
    assert "Parallelism of vertices: only in the first" in shown
    assert "Resources: only in the second" in shown
    assert shown.count("not known") == 2  # neither cost


def test_lines_fit_the_width_and_copy_the_second_value() -> None:
    lines = diff_lines(Side("a" * 100, FIRST), Side("b" * 100, SECOND), diff(FIRST, SECOND), 60)
    assert max(cells(line.text) for line in lines) <= 60
    assert "3 min" in [line.value for line in lines]


def test_nodes_and_edges_are_named_and_marked() -> None:
    def plan(group: str, *nodes: int) -> Setting:
        profile = {"group": group, "parallelism": 2}
        document = {
            "nodes": [{"id": node, "desc": f"Calc{node}(x)", "profile": profile} for node in nodes],
            "edges": [
                {"source": one, "target": other, "mode": "PIPELINED", "strategy": "HASH"}
                for one, other in pairwise(nodes)
            ],
        }
        return setting_of_result(result_of(), read_plan(document).plan)

    shown = text(Side("a", plan("default", 1, 2, 3)), Side("b", plan("big", 1, 2, 4)))
    rows = [" ".join(line.split()) for line in shown.splitlines()]
    assert "± 1 Calc1 group default → big" in rows
    assert "- 3 Calc3" in rows
    assert "+ 4 Calc4" in rows
    assert "- 2 Calc2 → 3 Calc3 HASH PIPELINED" in rows
    assert "+ 2 Calc2 → 4 Calc4 HASH PIPELINED" in rows


def test_nothing_to_compare_is_not_called_equal() -> None:
    same, unknown = Side("a", FIRST), Side("b", Setting(), "The job cannot be read.")
    assert summary(same, same, diff(FIRST, FIRST)) == "no differences"
    assert summary(same, unknown, diff(FIRST, Setting())) == "cannot be compared"
    assert "The job cannot be read." in text(same, unknown)
