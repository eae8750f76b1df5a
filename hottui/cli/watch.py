"""`hottui [ID…]`: the dashboard on the bookmarks and the IDs given; at no terminal, the table once as text."""

from typing import TYPE_CHECKING

import click

from hottui.cli import house
from hottui.cli.exits import UNAVAILABLE
from hottui.cli.given import given_ids
from hottui.cli.options import log_option, place_options, screen_options
from hottui.cli.outcomes import Outcomes
from hottui.cli.places import region_word
from hottui.cli.screen import show, why_plain
from hottui.cli.stop import Stop
from hottui.model.tracking import Tracked
from hottui.settings import Context, Flags, resolve
from hottui.tui.opening import Opening, Place

if TYPE_CHECKING:
    from hottui.logfile import Log


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@place_options
@screen_options
@log_option
def watch(  # noqa: PLR0917 - click names them
    ids: tuple[str, ...], flags: Flags, theme: str, interval: float | None, ascii_only: bool, log: "Log | None"
) -> int:
    """Open the dashboard on the bookmarks and on the IDs given.

    IDs are tracked for this session; the key `b` bookmarks them. Not at a terminal, the table is printed once;
    there `-` reads IDs from standard input.
    """
    known = house.settings()
    context, place_missing = house.context_or_reason(known, flags)
    asked = [resolve(known, flags).ref(one) for one in given_ids(ids)]
    store, bookmarked, trouble = house.bookmarks_or_reason(known)
    if trouble and why_plain() is not None:
        raise Stop(trouble, code=UNAVAILABLE)  # the dashboard says it and goes on; an empty listing would mislead
    marked = {tracked.ref for tracked in bookmarked}
    tracked = (*(Tracked(ref) for ref in asked if ref not in marked), *bookmarked)
    if store is not None and not tracked and why_plain() is not None:
        store.close()  # nothing is read, so nothing connects to it and closes it afterwards
    every = interval or known.interval
    outcomes = Outcomes(asked)
    return show(
        Opening(
            tracked=tracked,
            context=_words(context),
            connect=lambda: house.connection(
                tracked, outcomes.heard(house.client(known, context, flags)), store, every
            ),
            place=Place(context.endpoint, context.workspace, context.namespace) if context else None,
            place_missing=place_missing,
            theme=theme or known.theme,
            notices=tuple(filter(None, (trouble, *store.notices))),
            ascii=ascii_only,
            theme_folders=house.theme_folders(),
        ),
        log,
        outcomes,
    )


def _words(context: Context | None) -> str:
    """Where hottui looks, for the top bar."""
    if context is None:
        return "no place chosen"
    return " · ".join(filter(None, (context.profile, region_word(context.endpoint), context.namespace)))
