"""The hot updates of one profile or of all, and the column PLACE."""

from hottui.model.ref import Ref
from hottui.render.table_columns import ANY_LENGTH, TITLES, columns_for, with_place
from hottui.tui.dashboard_options import Location, Place
from tests.tui.conftest import MakeStage
from tests.tui.stage import dashboard, drawn, foot, resize, screen_lines, table


def namespace(ref: Ref) -> str:
    return ref.namespace


def test_a_place_takes_its_cells_from_the_others() -> None:
    for total in range(60, 220):
        columns = with_place(total, ANY_LENGTH, TITLES, {"prod", "a very long name of a place"})
        assert 1 + sum(width + 1 for _, width in columns) == total
        assert dict(columns)["PLACE"] == (17 if total >= 110 else 10)
        assert with_place(total, ANY_LENGTH, TITLES, {"prod"}) == columns_for(total)


async def test_one_profile_or_all_are_shown_and_the_place_with_them(make_stage: MakeStage) -> None:
    stage = make_stage(size=None)
    refs = {one.ref.namespace: one.ref for one in stage.tracked}
    places = tuple(
        Place(name, f"{name} · somewhere", Location(ref.endpoint, ref.workspace, ref.namespace))
        for name, ref in sorted(refs.items())
    )
    assert places[0].name == "default-namespace"
    finance = next(place for place in places if place.name == "finance")
    async with stage.running((80, 24), places=places, shown_place="finance", place_of=namespace) as pilot:
        assert {one.ref.namespace for one in table(pilot).rows} == {"finance"}
        assert "finance · s" in screen_lines(pilot)[0]
        assert not any("PLACE" in line for line in screen_lines(pilot))
        assert dashboard(pilot).view.location == finance.location
        await pilot.press("P", "0")
        await drawn(pilot)
        assert foot(pilot) == "All hot updates are shown."
        assert len(table(pilot).rows) == len(stage.tracked)
        assert "demo · d" in screen_lines(pilot)[0]
        titles = next(line for line in screen_lines(pilot) if "STATE" in line)
        assert "LABEL" in titles.split("PLACE")[0]
        assert any("default-n…" in line for line in screen_lines(pilot))
        await resize(pilot, 120, 40)
        assert any("default-namespace" in line for line in screen_lines(pilot)[2:])
        await pilot.press("P", "1")
        await drawn(pilot)
        assert foot(pilot) == "Only hot updates of default-namespace are shown."
        assert {one.ref.namespace for one in table(pilot).rows} == {"default-namespace"}
        stage.monitor.publish()
        await stage.shown(pilot)
        assert {one.ref.namespace for one in table(pilot).rows} == {"default-namespace"}
