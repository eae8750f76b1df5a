"""The store as one JSON document, to carry to another machine or a colleague, and back in.

    {"format": "hottui", "version": 1, "exported": 1769850600.0, "bookmarks": [
      {"ref": {"endpoint": …, "workspace": …, "namespace": …, "id": …}, "label": "", "note": "", "added": 1769850000.0,
       "transitions": [{"at": …, "state": …, "previous": …}],
       "answer": null or {"at": …, "request_id": …, "summary": {"state": …, …}, "text": …}}]}

Times are seconds since the epoch; `text` is the service's answer as JSON text, its secrets masked.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Final

from hottui.model.jsontext import Json
from hottui.model.ref import InvalidName, Ref, check_name
from hottui.model.text import shorten, visible
from hottui.model.tracking import Bookmark, Observation, Summary, Transition
from hottui.store.errors import StoreError

FORMAT: Final = "hottui"
VERSION: Final = 1

_ORIGIN: Final = re.compile(r"https://[A-Za-z0-9.\-]+(:\d+)?|https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
"""An endpoint as the service room normalises it; plain http to loopback alone."""


class DocumentRefused(StoreError):
    """A document that is no export of hottui, or one of a version not known here; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One bookmark of a document with its history."""

    bookmark: Bookmark
    transitions: tuple[Transition, ...]
    observation: Observation | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: bookmarks added, bookmarks that were there already, moves added, entries passed over.

    Each of `refused` is a sentence that names the entry and what is wrong with it.
    """

    added: int
    known: int
    transitions: int
    refused: tuple[str, ...]


def write_document(entries: Iterator[Entry], now: float) -> Json:
    """The document that holds `entries`, exported at `now`."""
    return {"format": FORMAT, "version": VERSION, "exported": now, "bookmarks": [_write(entry) for entry in entries]}


def read_document(document: Json) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The entries of a document, and a sentence for each entry that is malformed. Raises DocumentRefused."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DocumentRefused("This is no export of hottui.", "`hottui export` writes one.")
    version, bookmarks = document.get("version"), document.get("bookmarks")
    if version != VERSION or isinstance(version, bool):
        raise DocumentRefused(
            f"This export has version {_shown(version)}; version {VERSION} is known here.", "Use a newer hottui."
        )
    if not isinstance(bookmarks, list):
        raise DocumentRefused("This export has no list of bookmarks.", "It may have been cut: export again.")
    entries, refused = [], []
    for number, value in enumerate(bookmarks, 1):
        try:
            entries.append(_read(value))
        except _Malformed as error:
            refused.append(f"Bookmark {number:,}: {error}.")
    return tuple(entries), tuple(refused)


class _Malformed(Exception):
    """What is wrong with an entry, as the rest of a sentence."""


def _write(entry: Entry) -> Json:
    bookmark, seen = entry.bookmark, entry.observation
    ref = bookmark.ref
    return {
        "ref": {"endpoint": ref.endpoint, "workspace": ref.workspace, "namespace": ref.namespace, "id": ref.id},
        "label": bookmark.label,
        "note": bookmark.note,
        "added": bookmark.added,
        "transitions": [{"at": move.at, "state": move.state, "previous": move.previous} for move in entry.transitions],
        "answer": None if seen is None else _write_answer(seen),
    }


def _write_answer(seen: Observation) -> Json:
    return {"at": seen.at, "request_id": seen.request_id, "summary": asdict(seen.summary), "text": seen.answer}


def _read(value: Json) -> Entry:
    entry = _object(value, "the entry")
    ref = _ref(_object(entry.get("ref"), "`ref`"))
    bookmark = Bookmark(ref, _text(entry, "label"), _text(entry, "note"), _time(entry, "added"))
    moves = entry.get("transitions", [])
    if not isinstance(moves, list):
        raise _Malformed("`transitions` is not a list")
    transitions = [_transition(ref, _object(move, "a transition")) for move in moves]
    answer = entry.get("answer")
    return Entry(
        bookmark,
        tuple(sorted(transitions, key=lambda move: move.at)),
        None if answer is None else _observation(ref, _object(answer, "`answer`")),
    )


def _ref(value: dict[str, Json]) -> Ref:
    endpoint = _text(value, "endpoint")
    if not _ORIGIN.fullmatch(endpoint):
        raise _Malformed(f"the endpoint {_shown(endpoint)} is not an address that begins with https://")
    try:
        return Ref(
            endpoint,
            check_name(_text(value, "workspace"), "workspace"),
            check_name(_text(value, "namespace"), "namespace"),
            check_name(_text(value, "id")),
        )
    except InvalidName as error:
        raise _Malformed(str(error).rstrip(".")) from None


def _transition(ref: Ref, value: dict[str, Json]) -> Transition:
    return Transition(ref, _time(value, "at"), _text(value, "state"), _text(value, "previous"))


def _observation(ref: Ref, value: dict[str, Json]) -> Observation:
    words = _object(value.get("summary"), "`summary`")
    summary = Summary(**{field.name: _text(words, field.name) for field in fields(Summary)})
    return Observation(ref, _time(value, "at"), summary, _text(value, "request_id"), _text(value, "text"))


def _object(value: Json, what: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise _Malformed(f"{what} is missing or not an object")
    return value


def _text(value: dict[str, Json], key: str) -> str:
    text = value.get(key, "")
    if not isinstance(text, str):
        raise _Malformed(f"`{key}` is not text")
    return text


def _time(value: dict[str, Json], key: str) -> float:
    time = value.get(key)
    if isinstance(time, bool) or not isinstance(time, int | float) or not math.isfinite(time) or time < 0:
        raise _Malformed(f"`{key}` is not a time in seconds since the epoch")
    return float(time)


def _shown(value: object) -> str:
    return visible(shorten(repr(value), 60))
