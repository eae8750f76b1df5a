"""Draw a plan: the public entry point of the package."""

from collections.abc import Callable, Mapping

from hottui.graph.difference_marks import NO_MARKS, Marks, common_mark, is_one_sided
from hottui.graph.disambiguate import disambiguate
from hottui.graph.labels import caption, edge_label, group_letters, marked_edge_label, strategy_letters
from hottui.graph.layout_progress import Cancelled
from hottui.graph.plan_graph import Level, prepare
from hottui.graph.render.box_drawing import UNICODE, Strokes
from hottui.graph.render.compose import Composer
from hottui.graph.render.drawing import Direction, Drawing
from hottui.model.plan import Plan

DETAILS = range(3)
Progress = Callable[[str, float], None]


def draw_plan(
    plan: Plan,
    *,
    level: Level = Level.VERTEX,
    detail: int = 1,
    direction: Direction = Direction.LR,
    changes: Mapping[str, tuple[int, int]] | None = None,
    marks: Marks = NO_MARKS,
    strokes: Strokes = UNICODE,
    max_name: int = 28,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Drawing:
    """Draw `plan`. `changes` maps node ids to old and new parallelism, as returned by `plan_changes`;
    `marks` are those of a drawing of two plans in one.

    `detail` 0 gives one-row boxes (`id ×4`), 1 adds the name and the group, 2 the description or the chained operators.
    `progress` is called with the stage and its completed fraction (0 to 1). Raises Cancelled soon after `cancelled`
    returns True.
    """

    def on_progress(stage: str, done: float) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled
        if progress is not None:
            progress(stage, done)

    on_progress("reading", 0.0)
    graph = prepare(plan, level)
    groups = group_letters([*plan.group_by_name, *(node.profile.group for node in plan.nodes if node.profile.group)])
    shown = groups if len(groups) > 1 else {}
    apart = disambiguate(graph.members) if detail > 1 else {}
    captions = [
        caption(
            member,
            detail,
            changes=changes or {},
            letters=shown,
            strokes=strokes,
            max_name=max_name,
            apart=apart.get(member.id, ""),
            mark=marks.of_member(member),
            old_group=marks.groups[member.nodes[0].id][0] if member.nodes[0].id in marks.groups else None,
        )
        for member in graph.members
    ]
    kinds = dict.fromkeys([link.strategies for link in graph.links])
    letters = strategy_letters([strategy for strategies in kinds for strategy in strategies])
    label_of = {strategies: edge_label(strategies, letters) for strategies in kinds}
    marked = marks.of_links(plan, graph.members, graph.links)
    labels = [
        marked_edge_label(link.strategies, own, letters)
        if own and not any(is_one_sided(captions[end].mark) for end in (link.source, link.target))
        else label_of[link.strategies]
        for link, own in zip(graph.links, marked, strict=True)
    ]
    composer = Composer(
        graph,
        captions,
        labels,
        [common_mark(own) for own in marked],
        detail=detail,
        direction=direction,
        strokes=strokes,
        on_progress=on_progress,
    )
    return composer.draw(level, groups, letters)
