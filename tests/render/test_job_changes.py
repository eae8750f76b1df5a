"""Changes of a job as text."""

from hottui.analysis.job_story import ChangeSource, JobChange
from hottui.model.effect import Verdict
from hottui.render.glyphs import UNICODE
from hottui.render.job_changes import change_lines, change_text, outcome, selected_lines


def change(what: str, old: str = "", new: str = "", **fields: object) -> JobChange:
    return JobChange(1.0, ChangeSource.AUTOPILOT, "id", what, old, new, **fields)  # type: ignore[arg-type]


def test_only_what_moved_is_shown() -> None:
    before, after = "parallelism 4, 1 core, 4 GiB", "parallelism 8, 2 cores, 4 GiB"
    assert change_text(change("up", before, after)) == "parallelism 4 → 8, 1 → 2 cores (up)"
    assert change_text(change("parallelism → 8", "parallelism 4", "parallelism 8")) == "parallelism 4 → 8"
    assert change_text(change("up", "", "parallelism 8")) == "? → parallelism 8 (up)"
    assert change_text(change("up", before)) == "up"


def test_the_outcome_is_the_effect_or_the_word_of_the_service() -> None:
    assert outcome(change("x", outcome="HOT_UPDATED", verdict=Verdict.NONE), UNICODE, 12).text == "≠ no effect "
    assert outcome(change("x", outcome="FAILED_WITH_A"), UNICODE, 9) == ("✖ FAILED…", "failed")
    assert outcome(change("x", outcome="NEW"), UNICODE, 6) == ("◇ NEW ", "unknown")


def test_a_line_fits_and_the_selected_change_is_complete() -> None:
    long = change("x" * 200, outcome="SUCCESS", detail="d" * 100)
    for width in (60, 80, 120, 200):
        assert len(change_lines((long,), width, UNICODE)[0].text) <= width
    text = "".join(line.text.strip() for line in selected_lines(long, 80))
    assert text.count("x") == 200
    assert text.count("d") == 100
