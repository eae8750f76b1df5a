"""The effect of a hot update and its cost as text."""

import pytest

from hottui.analysis.cost_comparison import CostComparison
from hottui.analysis.cost_estimate import CostEstimate
from hottui.model.cell_width import cells
from hottui.model.effect import EffectItem, Interruption, Verdict
from hottui.render.cost_text import arithmetic_lines, cost_lines
from hottui.render.effect_text import (
    exceptions_first,
    interruption_text,
    item_lines,
    verdict_glyph,
    verdict_label,
)
from hottui.render.glyphs import ASCII, UNICODE

ITEMS = (
    EffectItem("parallelism", "parallelism", 4, 8, 8, carried=True),
    EffectItem("vertex:a1", "Source: orders -> Filter", 4, 8, 4, carried=False, why="its maxParallelism is 4"),
    EffectItem("execution.checkpointing.interval", "execution.checkpointing.interval", "10 min", "60 s"),
    EffectItem("table.exec.state.ttl", "table.exec.state.ttl", None, "1 d", None, carried=False),
)


def test_every_verdict_has_a_short_label_and_a_glyph_of_one_cell() -> None:
    labels = [verdict_label(verdict) for verdict in Verdict]
    assert len(set(labels)) == len(Verdict)
    assert max(map(len, labels)) == 10
    for verdict in Verdict:
        assert [cells(verdict_glyph(verdict, glyphs)) for glyphs in (UNICODE, ASCII)] == [1, 1]
    assert verdict_glyph(Verdict.NONE, ASCII).isascii()


@pytest.mark.parametrize("width", [40, 78, 118])
def test_items_fit_and_give_their_reasons(width: int) -> None:
    lines = item_lines(exceptions_first(ITEMS), width, UNICODE)
    assert [line.text for line in lines if cells(line.text) > width] == []
    assert lines[1].text.startswith(" ≠ Source: ord")
    assert lines[1].text.split()[-3:] == ["×4", "×8", "×4"]
    assert lines[2].text.strip() == "its maxParallelism is 4"
    assert lines[1].copied == "×8"
    assert "its d" in lines[3].text, "a key that is not set runs with its default"
    assert lines[4].text.rstrip().endswith(("not known", "not kn…"))
    assert item_lines((), width, UNICODE) == ()


def test_interruption() -> None:
    texts = {
        interruption_text(interruption)
        for interruption in (
            None,
            Interruption(),
            Interruption(restarted=False, seconds=0.0, restarts=1),
            Interruption(restarted=True, left=1_700_000_000.0),
            Interruption(True, 1_700_000_000.0, 1_700_000_012.4, 12.4, 3, "checkpoint 7"),
        )
    }
    assert len(texts) == 5
    assert "none: no restart; 1 restart since the start" in texts
    assert any(t.startswith("12.4s, ") and t.endswith("restored from checkpoint 7") for t in texts)


def test_cost() -> None:
    before = CostEstimate(4.0, 16 * 2**30, 4.0, False, ("TaskManagers: 4",), ("One slot.",))
    partly = CostEstimate(8.0, None, 8.0, True)
    costs = CostComparison(before=before, asked=partly)
    text = [line.text.split(maxsplit=1) for line in cost_lines(costs, 78, {"Running": "the job was not read"})]
    assert text == [
        ["Before", "4 cores, 16 GiB, 4 CU"],
        ["Asked", "at least 8 cores, ? GiB, 8 CU"],
        ["Running", "not known: the job was not read"],
    ]
    assert [line.text.strip() for line in arithmetic_lines(costs, 78)][:3] == [
        "Before   4 cores, 16 GiB, 4 CU",
        "TaskManagers: 4",
        "One slot.",
    ]
