"""The store as one JSON document, to carry to another machine or a colleague, and back in.

    {"format": "hottui", "version": 1, "exported": 1769850600.0, "bookmarks": [
      {"ref": {"endpoint": …, "workspace": …, "namespace": …, "id": …}, "label": "", "note": "", "added": 1769850000.0,
       "transitions": [{"at": …, "state": …, "previous": …}],
       "answer": null or {"at": …, "request_id": …, "summary": {"state": …, …}, "text": …}}]}

Times are seconds since the epoch; `text` is the service's answer as JSON text, its secrets masked.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Final

from hottui.model.control_characters import shorten, visible
from hottui.model.json_stream import Item, Member, Readable, read_members
from hottui.model.json_text import Json, UnreadableJson
from hottui.model.ref import InvalidName, Ref, check_name
from hottui.model.times import known_time
from hottui.model.tracking import MAX_LABEL, MAX_NOTE, Bookmark, Observation, Summary, Transition
from hottui.store.errors import StoreError
from hottui.store.serialization import MAX_ANSWER, MAX_ENDPOINT, MAX_SUMMARY

FORMAT: Final = "hottui"
VERSION: Final = 1

MOST_BYTES: Final = 1024**3
"""Of a document: each bookmark brings its last answer, and a thousand of them may have plans of megabytes."""
MOST_ENTRIES: Final = 100_000
"""Malformed ones included."""
_MOST_TRANSITIONS: Final = 10_000
"""Of one bookmark; the latest are kept."""

_ORIGIN: Final = re.compile(r"https://[A-Za-z0-9.\-]+(:\d+)?|https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
"""An endpoint as `service.endpoints` normalises it; plain http to loopback alone."""


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
    """What an import did: bookmarks added, bookmarks that were there already, moves added, entries passed over."""

    added: int
    known: int
    transitions: int
    refused: int = 0


def write_document(entries: Iterator[Entry], now: float) -> Json:
    """The document that holds `entries`, exported at `now`."""
    return {"format": FORMAT, "version": VERSION, "exported": now, "bookmarks": [_write(entry) for entry in entries]}


def read_entries(source: Readable, name: str) -> Iterator[Entry | str]:
    """The entries of the document in `source`, and in place of each malformed one a sentence about it.

    `name` is what a sentence about the document begins with. Memory is needed for one entry at a time. Raises
    DocumentRefused, also after entries that were good, and OSError.
    """
    header: dict[str, Json] = {}
    count = 0
    try:
        for part in read_members(source, "bookmarks", most=MOST_BYTES):
            match part:
                case Member():
                    header[part.key] = part.value
                    _check_header(header, name)
                case Item():
                    count += 1
                    if count > MOST_ENTRIES:
                        raise DocumentRefused(
                            f"{name} holds more than {MOST_ENTRIES:,} bookmarks; none of them was imported.",
                            "Split it, or export again.",
                        )
                    yield _entry_or_problem(part)
    except UnreadableJson as error:
        raise DocumentRefused(
            f"{name} is no export of hottui: {error}. Nothing was imported.", "`hottui export FILE` writes one."
        ) from None
    _check_header({"format": None, "version": None, **header}, name)
    if not isinstance(header.get("bookmarks"), list):
        raise DocumentRefused(f"{name} has no list of bookmarks.", "It may have been cut: export again.")


def _check_header(header: dict[str, Json], name: str) -> None:
    """Raise DocumentRefused when what is read of a document already shows that it is none of ours."""
    if "format" not in header:
        return
    if header["format"] != FORMAT:
        raise DocumentRefused(f"{name} is no export of hottui.", "`hottui export FILE` writes one.")
    version = header.get("version", VERSION)
    if version != VERSION or isinstance(version, bool):
        raise DocumentRefused(
            f"{name} has version {_shown(version)}; version {VERSION} is known here.", "Use a newer hottui."
        )


def _entry_or_problem(item: Item) -> Entry | str:
    try:
        return _read(item.value)
    except _Malformed as error:
        return f"Bookmark {item.number:,}: {error}."


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
    label, note = _text(entry, "label", MAX_LABEL), _text(entry, "note", MAX_NOTE)
    bookmark = Bookmark(ref, label, note, _time(entry, "added"))
    moves = entry.get("transitions", [])
    if not isinstance(moves, list):
        raise _Malformed("`transitions` is not a list")
    transitions = [_transition(ref, _object(move, "a transition")) for move in moves]
    answer = entry.get("answer")
    return Entry(
        bookmark,
        tuple(sorted(transitions, key=lambda move: move.at)[-_MOST_TRANSITIONS:]),
        None if answer is None else _observation(ref, _object(answer, "`answer`")),
    )


def _ref(value: dict[str, Json]) -> Ref:
    endpoint = _text(value, "endpoint", MAX_ENDPOINT)
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
    return Transition(ref, _time(value, "at"), _word(value, "state"), _word(value, "previous"))


def _observation(ref: Ref, value: dict[str, Json]) -> Observation:
    words = _object(value.get("summary"), "`summary`")
    summary = Summary(**{field.name: _word(words, field.name) for field in fields(Summary)})
    text = _text(value, "text", MAX_ANSWER)
    return Observation(ref, _time(value, "at"), summary, _word(value, "request_id"), text)


def _object(value: Json, what: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise _Malformed(f"{what} is missing or not an object")
    return value


def _text(value: dict[str, Json], key: str, most: int = MAX_ANSWER) -> str:
    """A text that is kept whole or not at all."""
    text = value.get(key, "")
    if not isinstance(text, str):
        raise _Malformed(f"`{key}` is not text")
    if len(text) > most:
        raise _Malformed(f"`{key}` has {len(text):,} characters; at most {most:,} are accepted")
    return text


def _word(value: dict[str, Json], key: str) -> str:
    """A text that is only shown, and is shortened to what can be."""
    return shorten(_text(value, key), MAX_SUMMARY)


def _time(value: dict[str, Json], key: str) -> float:
    found = value.get(key)
    time = known_time(found)
    if time is None:
        thousandth = known_time(found / 1000) if isinstance(found, float | int) and 0 < found < 1e15 else None
        hint = f"; {found} may be milliseconds" if thousandth else ""
        raise _Malformed(f"`{key}` is not a time in seconds since the epoch{hint}")
    return time


def _shown(value: object) -> str:
    return visible(shorten(repr(value), 60))
