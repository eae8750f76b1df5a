"""Charts of levels over time."""

from hottui.render.level_chart import ASCII_BLOCKS, Levels, bar_rows, chart_lines


def test_the_highest_level_fills_all_rows_and_the_lowest_stays_visible() -> None:
    upper, lower = bar_rows([None, 0.0, 1.0, 32.0, 64.0], 64.0)
    assert (upper, lower) == ("    █", "  ▁██")
    assert bar_rows([None, 1.0, 2.0], 2.0, rows=1, blocks=ASCII_BLOCKS) == [" :#"]


def test_a_level_lasts_until_the_next_and_a_short_peak_is_visible() -> None:
    points = ((0.0, 2.0), (50.0, 8.0), (50.5, 4.0))
    parallelism, axis = chart_lines((Levels("p", points),), until=100.0, now=100.0, width=46, rows=1)
    assert parallelism.text.startswith(" p 4 ")
    bars = parallelism.text.partition("┤")[2]
    assert len(bars) == 21
    assert bars.count("█") == 1
    assert set(bars.partition("█")[0]) == {"▂"}
    assert set(bars.partition("█")[2]) == {"▄"}
    assert axis.text.endswith("now")


def test_levels_end_with_the_job() -> None:
    bars = chart_lines((Levels("p", ((0.0, 2.0),)),), until=50.0, now=100.0, width=46, rows=1)[0].text.partition("┤")[2]
    assert bars.rstrip() == "█" * 11
    assert chart_lines((Levels("p", ()),), until=1.0, now=1.0, width=80) == ()
