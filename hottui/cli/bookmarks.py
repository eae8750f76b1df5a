"""`hottui add`, `rm` and `ls`: manage bookmarks without reading from the service."""

import time
from collections.abc import Callable, Iterable
from functools import cache

import click

from hottui.cli import wiring
from hottui.cli.bookmark_filters import matching
from hottui.cli.completers import complete_ids, complete_label
from hottui.cli.inputs import parse_ids
from hottui.cli.listing import JSON, Listing, listing_options
from hottui.cli.options import filter_options, location_options
from hottui.cli.output import CommandError, emit, json_line, print_error
from hottui.cli.tables import NO_BOOKMARKS
from hottui.config.settings import Flags
from hottui.errors import ExitCode
from hottui.model.ref import Ref
from hottui.model.tracking import MAX_LABEL, MAX_NOTE, Bookmark, Tracked, sort_key
from hottui.render.documents import bookmark_document
from hottui.render.row_filter import Profiles, parse_filter


def _max_length(limit: int, advice: str = "") -> Callable[[click.Context, click.Parameter, str], str]:
    """Return a callback that rejects text of more than `limit` characters."""

    def check(context: click.Context, parameter: click.Parameter, value: str) -> str:
        if len(value) > limit:
            message = f"has {len(value):,} characters; the limit is {limit:,}.{advice}"
            raise click.BadParameter(message, context, parameter)
        return value

    return check


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=complete_ids)
@click.option(
    "--label",
    shell_complete=complete_label,
    default="",
    callback=_max_length(MAX_LABEL, " Use --note for longer text."),
    help="Short text for the table.",
)
@click.option("--note", default="", callback=_max_length(MAX_NOTE), help="Longer text for the details.")
@location_options
def add(ids: tuple[str, ...], label: str, note: str, flags: Flags) -> int:
    """Bookmark hot updates. For existing bookmarks, replace label or note where given.

    `-` reads IDs, or the JSON that HotUpdateJob returned, from standard input.

    \b
    Examples:
      hottui add 98fe2c01 --label orders-enrich
      aliyun … HotUpdateJob … | hottui add -
    """
    context = wiring.load_settings(flags).context()
    refs = [context.ref(one) for one in parse_ids(ids)]
    with wiring.opened_store() as store:
        added = store.add_all([Bookmark(ref, label, note, time.time()) for ref in refs])
    for ref, new in zip(refs, added, strict=True):
        print_error(f"Bookmarked {ref.id}." if new else f"{ref.id} is already bookmarked.")
    return ExitCode.OK


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=complete_ids)
@location_options
def rm(ids: tuple[str, ...], flags: Flags) -> int:
    """Remove bookmarks and their history. Nothing changes on the service.

    For an ID bookmarked in several locations, options select one of them.

    \b
    Example:
      hottui rm 98fe2c01
    """
    settings = wiring.load_settings(flags, default_profile=False)
    wanted = parse_ids(ids, bookmarked=True)
    code = ExitCode.OK
    with wiring.opened_store() as store:
        bookmarked = [tracked.ref for tracked in store.tracked()]
        candidates = matching(bookmarked, settings)
        selected = {id_: _select(id_, candidates) for id_ in wanted}
        for id_, ref in selected.items():
            if ref is not None and store.remove(ref):
                print_error(f"Removed {id_}.")
            else:
                code = ExitCode.NOT_FOUND
                _print_missing(id_, bookmarked)
    return code


def _select(id_: str, candidates: Iterable[Ref]) -> Ref | None:
    """Return the bookmark with the ID, None if there is none. Raises CommandError when there are several."""
    found = [ref for ref in candidates if ref.id == id_]
    if len(found) > 1:
        raise CommandError(
            f"{id_} is bookmarked in several locations: {_locations(found)}.",
            "Pass --workspace, --namespace, --region or --endpoint. Nothing was removed.",
        )
    return found[0] if found else None


def _print_missing(id_: str, bookmarked: Iterable[Ref]) -> None:
    elsewhere = [ref for ref in bookmarked if ref.id == id_]
    if elsewhere:
        print_error(
            f"No bookmark with ID {id_} in this location; there is one in {_locations(elsewhere)}.",
            "Select it with --workspace, --namespace, --region or --endpoint.",
        )
    else:
        print_error(f"No bookmark with ID {id_}.")


def _locations(refs: Iterable[Ref]) -> str:
    return ", ".join(sorted(f"{ref.workspace}/{ref.namespace} at {ref.endpoint}" for ref in refs))


def _filter(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Reject an invalid filter."""
    problem = parse_filter(value).problem
    if problem:
        raise click.BadParameter(f"{problem}.", context, parameter)
    return value


@click.command()
@filter_options
@click.option(
    "--filter",
    "filter_text",
    default="",
    metavar="TEXT",
    callback=_filter,
    help="List only matches, as in the dashboard: words, !not, /regex/, state:failed, label:, job:, id:, "
    "profile:, effect:none, is:unread.",
)
@listing_options("table", *JSON, "csv")
def ls(flags: Flags, filter_text: str, listing: Listing) -> int:
    """List the bookmarks and their last known state.

    Options filter the list. Environment variables and the default profile do not: `hottui ls` lists all bookmarks.

    \b
    Examples:
      hottui ls -o json | jq -r .ref.id
      hottui ls --filter 'state:failed !orders'
      hottui ls -o csv --columns id,state,label --no-headers
    """
    listing = listing.chosen("table")
    with wiring.opened_store() as store:
        bookmarks = sorted(store.tracked(), key=sort_key)
    wanted = parse_filter(filter_text, _profiles_when_needed())
    tracked = [one for one in _filtered(bookmarks, flags) if wanted.matches(one)]
    if listing.output in JSON:
        for one in tracked:
            emit(json_line(bookmark_document(one)))
    else:
        listing.emit(tracked)
    if bookmarks and not tracked:
        message = f"None of {len(bookmarks):,} bookmarks matches."
        print_error(message, "Run `hottui ls` without options to list them all.")
    elif not tracked and listing.output == "table":
        print_error(*NO_BOOKMARKS)
    return ExitCode.OK


def _profiles_when_needed() -> Profiles:
    """Return the profiles of a ref; config.toml, which may be invalid, is read when the first ones are needed."""
    profiles = cache(lambda: wiring.profiles_of(wiring.load_settings(default_profile=False).config))

    def names(ref: Ref) -> tuple[str, ...]:
        return profiles()(ref)

    return names


def _filtered(tracked: list[Tracked], flags: Flags) -> list[Tracked]:
    """Return those that the options select. Raises SettingsError."""
    if flags == Flags():  # without reading config.toml, which may be invalid
        return tracked
    settings = wiring.load_settings(flags, default_profile=False)
    selected = set(matching((one.ref for one in tracked), settings))
    return [one for one in tracked if one.ref in selected]
