"""`hottui add`, `rm` and `ls`: the bookmarks, without asking the service."""

import time
from collections.abc import Callable, Iterable

import click

from hottui.cli import wiring
from hottui.cli.bookmark_filters import matching
from hottui.cli.inputs import given_ids
from hottui.cli.options import ascii_option, filter_options, location_options, output_option
from hottui.cli.output import CommandError, emit, holds_signs, json_line, print_error, terminal_width
from hottui.cli.tables import NO_BOOKMARKS, bookmark_document, table
from hottui.config.settings import Flags
from hottui.errors import ExitCode
from hottui.model.ref import Ref
from hottui.model.tracking import MAX_LABEL, MAX_NOTE, Bookmark, Tracked, sort_key


def _bounded(most: int, advice: str = "") -> Callable[[click.Context, click.Parameter, str], str]:
    """A callback that refuses a text of more than `most` characters."""

    def check(context: click.Context, parameter: click.Parameter, value: str) -> str:
        if len(value) > most:
            message = f"it has {len(value):,} characters; at most {most:,} are accepted.{advice}"
            raise click.BadParameter(message, context, parameter)
        return value

    return check


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option(
    "--label",
    default="",
    callback=_bounded(MAX_LABEL, " A longer text is a --note."),
    help="A few words for the table.",
)
@click.option("--note", default="", callback=_bounded(MAX_NOTE), help="A longer text for the detail.")
@location_options
def add(ids: tuple[str, ...], label: str, note: str, flags: Flags) -> int:
    """Bookmark hot updates; a label or note given again replaces the old one.

    `-` reads IDs, or the JSON that HotUpdateJob returned, from standard input.
    """
    context = wiring.load_settings(flags).context()
    refs = [context.ref(one) for one in given_ids(ids)]
    with wiring.opened_store() as store:
        added = store.add_all([Bookmark(ref, label, note, time.time()) for ref in refs])
    for ref, new in zip(refs, added, strict=True):
        print_error(f"Bookmarked {ref.id}." if new else f"{ref.id} was bookmarked before.")
    return ExitCode.OK


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@location_options
def rm(ids: tuple[str, ...], flags: Flags) -> int:
    """Remove bookmarks and their history; nothing changes on the service.

    An ID that is bookmarked at several places needs options that tell which is meant.
    """
    settings = wiring.load_settings(flags, default_profile=False)
    wanted = given_ids(ids, known=True)
    code = ExitCode.OK
    with wiring.opened_store() as store:
        marked = [tracked.ref for tracked in store.tracked()]
        here = matching(marked, settings)
        meant = {one: _meant(one, here) for one in wanted}
        for one, ref in meant.items():
            if ref is not None and store.remove(ref):
                print_error(f"Removed {one}.")
            else:
                code = ExitCode.NOT_FOUND
                _say_missing(one, marked)
    return code


def _meant(one: str, here: Iterable[Ref]) -> Ref | None:
    """The bookmark that the ID `one` stands for. Raises Stop when it may be several."""
    found = [ref for ref in here if ref.id == one]
    if len(found) > 1:
        raise CommandError(
            f"{one} is bookmarked at several places: {_places(found)}.",
            "Give --workspace, --namespace, --region or --endpoint; nothing was removed.",
        )
    return found[0] if found else None


def _say_missing(one: str, marked: Iterable[Ref]) -> None:
    elsewhere = [ref for ref in marked if ref.id == one]
    if elsewhere:
        print_error(
            f"{one} is no bookmark here, but at {_places(elsewhere)}.", "Give that place with --workspace and so on."
        )
    else:
        print_error(f"{one} is no bookmark.")


def _places(refs: Iterable[Ref]) -> str:
    return ", ".join(sorted(f"{ref.workspace}/{ref.namespace} of {ref.endpoint}" for ref in refs))


@click.command()
@output_option
@filter_options
@ascii_option
def ls(output: str, flags: Flags, ascii_only: bool) -> int:
    """List the bookmarks with what was last seen of them.

    Options narrow the list to a place; variables and the default profile do not: `hottui ls` alone lists them all.
    """
    with wiring.opened_store() as store:
        everything = sorted(store.tracked(), key=sort_key)
    tracked = _there(everything, flags)
    if output == "json":
        for one in tracked:
            emit(json_line(bookmark_document(one)))
    elif tracked:
        emit(table(tracked, terminal_width(), ascii_only or not holds_signs()))
    if everything and not tracked:
        print_error(_none_there(len(everything)), "`hottui ls` alone lists them all.")
    elif not tracked and output == "table":
        print_error(*NO_BOOKMARKS)
    return ExitCode.OK


def _there(tracked: list[Tracked], flags: Flags) -> list[Tracked]:
    """Those at the place that the options name. Raises SettingsError."""
    if flags == Flags():  # a config.toml that cannot be read is then in nobody's way
        return tracked
    settings = wiring.load_settings(flags, default_profile=False)
    here = set(matching((one.ref for one in tracked), settings))
    return [one for one in tracked if one.ref in here]


def _none_there(count: int) -> str:
    return "The one bookmark lies elsewhere." if count == 1 else f"None of the {count:,} bookmarks lies there."
