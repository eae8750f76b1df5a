"""`hottui add`, `rm` and `ls`: the bookmarks, without asking the service."""

import sys
import time

import click

from hottui.cli import house
from hottui.cli.exits import DONE, NOT_FOUND
from hottui.cli.listing import bookmark_document, json_line, table
from hottui.cli.options import output_option, place_options
from hottui.cli.stop import Stop, say
from hottui.model.ids import read_ids
from hottui.model.ref import Ref, check_name
from hottui.model.tracking import Bookmark, sort_key
from hottui.settings import Flags, resolve


def given_ids(words: tuple[str, ...]) -> tuple[str, ...]:
    """The IDs of the command line, each once; `-` stands for those on standard input. Raises InvalidName."""
    found: list[str] = []
    for word in words:
        found += read_ids(sys.stdin.read()) if word == "-" else [check_name(word)]
    return tuple(dict.fromkeys(found))


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--label", default="", help="A few words for the table.")
@click.option("--note", default="", help="A longer text for the detail.")
@place_options
def add(ids: tuple[str, ...], label: str, note: str, flags: Flags) -> int:
    """Bookmark hot updates; a label or note given again replaces the old one.

    `-` reads IDs, or the JSON that HotUpdateJob returned, from standard input.
    """
    context = resolve(house.settings(), flags)
    refs = [context.ref(one) for one in given_ids(ids)]
    if not refs:
        raise Stop("Standard input holds no ID.", "Give IDs separated by white space, or the answer of HotUpdateJob.")
    store = house.open_store()
    try:
        added = store.add_all([Bookmark(ref, label, note, time.time()) for ref in refs])
        for ref, new in zip(refs, added, strict=True):
            say(f"Bookmarked {ref.id}." if new else f"{ref.id} was bookmarked before.")
    finally:
        store.close()
    return DONE


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@place_options
def rm(ids: tuple[str, ...], flags: Flags) -> int:
    """Remove bookmarks and their history; nothing changes on the service.

    An ID that is bookmarked at several places needs --workspace, --namespace or --endpoint to tell which is meant.
    """
    store = house.open_store()
    missing = False
    try:
        known = [tracked.ref for tracked in store.tracked()]
        for one in given_ids(ids):
            found = [ref for ref in known if ref.id == one and _fits(ref, flags)]
            if len(found) > 1:
                places = ", ".join(sorted({f"{ref.workspace}/{ref.namespace}" for ref in found}))
                raise Stop(f"{one} is bookmarked at several places: {places}.", "Give --workspace or --namespace.")
            if found and store.remove(found[0]):
                say(f"Removed {one}.")
            else:
                say(f"{one} is no bookmark.")
                missing = True
    finally:
        store.close()
    return NOT_FOUND if missing else DONE


def _fits(ref: Ref, flags: Flags) -> bool:
    return (
        flags.workspace in ("", ref.workspace)
        and flags.namespace in ("", ref.namespace)
        and flags.endpoint.rstrip("/") in ("", ref.endpoint)
        and (not flags.region or flags.region in ref.endpoint.split("."))
    )


@click.command()
@output_option
def ls(output: str) -> int:
    """List the bookmarks with what was last seen of them."""
    store = house.open_store()
    try:
        tracked = sorted(store.tracked(), key=sort_key)
    finally:
        store.close()
    if output == "json":
        for one in tracked:
            click.echo(json_line(bookmark_document(one)))
    elif tracked:
        click.echo(table(tracked))
    else:
        say("There are no bookmarks yet.", "Add one: hottui add ID")
    return DONE
