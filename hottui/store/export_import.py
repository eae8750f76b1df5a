"""The JSON document that `hottui export` writes and `hottui import` reads.

    {"format": "hottui", "version": 1, "exported": 1769850600.0, "bookmarks": [
      {"ref": {"endpoint": …, "workspace": …, "namespace": …, "id": …}, "label": "", "note": "", "added": 1769850000.0,
       "transitions": [{"at": …, "state": …, "previous": …}],
       "answer": null or {"at": …, "request_id": …, "summary": {"state": …, …}, "text": …},
       "insight": null or {"at": …, "before": …, "effect": …, "job_name": …, "interruption": …}}]}

Times are seconds since the epoch; `text` is the service's answer as JSON text, its secrets masked. Answers about jobs
are not exported, since they can be read again. Documents of earlier versions have no `insight`.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Final

from hottui.errors import ExitCode
from hottui.model.control_characters import shorten, visible
from hottui.model.job_insight import Insight, insight_from_json, insight_to_json
from hottui.model.json_stream import Item, Member, Readable, read_members
from hottui.model.json_text import Json, UnreadableJson, write_json
from hottui.model.ref import InvalidName, Ref, check_name
from hottui.model.times import known_time
from hottui.model.tracking import MAX_LABEL, MAX_NOTE, Bookmark, Observation, Summary, Transition
from hottui.store.errors import StoreError
from hottui.store.serialization import MAX_ANSWER, MAX_ENDPOINT, MAX_SUMMARY

FORMAT: Final = "hottui"
VERSION: Final = 1

MAX_BYTES: Final = 1024**3
"""Bytes of a document. Each bookmark includes its last answer, and a thousand may have plans of megabytes."""
MAX_ENTRIES: Final = 100_000
"""Entries of a document, including malformed ones."""
_MAX_TRANSITIONS: Final = 10_000
"""Transitions of one bookmark; the latest are imported."""

_ORIGIN: Final = re.compile(r"https://[A-Za-z0-9.\-]+(:\d+)?|https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
"""An endpoint as normalized by `service.endpoints`; http only for loopback."""


class InvalidDocument(StoreError):
    """The document is not a hottui export, or of an unsupported version; nothing was imported."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Entry:
    """One bookmark of a document with its history."""

    bookmark: Bookmark
    transitions: tuple[Transition, ...]
    observation: Observation | None
    insight: Insight | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """Result of an import: numbers of added bookmarks, existing bookmarks, added transitions, and skipped entries."""

    added: int
    known: int
    transitions: int
    skipped: int = 0


def write_document(entries: Iterator[Entry], now: float) -> Json:
    """Return the document with `entries`, exported at `now`."""
    return {"format": FORMAT, "version": VERSION, "exported": now, "bookmarks": [_write(entry) for entry in entries]}


def read_entries(source: Readable, name: str) -> Iterator[Entry | str]:
    """Yield the entries of the document in `source`, and an error message in place of each malformed one.

    `name` is how messages refer to the document. Only one entry at a time is held in memory. Raises InvalidDocument,
    possibly after valid entries, and OSError.
    """
    header: dict[str, Json] = {}
    count = 0
    try:
        for part in read_members(source, "bookmarks", most=MAX_BYTES):
            match part:
                case Member():
                    header[part.key] = part.value
                    _check_header(header, name)
                case Item():
                    count += 1
                    if count > MAX_ENTRIES:
                        raise InvalidDocument(
                            f"{name} contains more than {MAX_ENTRIES:,} bookmarks; nothing was imported.",
                            "Split it, or export it again.",
                        )
                    yield _entry_or_problem(part)
    except UnreadableJson as error:
        raise InvalidDocument(
            f"{name} is not a hottui export: {error}. Nothing was imported.", "Create one with `hottui export FILE`."
        ) from None
    _check_header({"format": None, "version": None, **header}, name)
    if not isinstance(header.get("bookmarks"), list):
        raise InvalidDocument(f"{name} has no list of bookmarks.", "It may be truncated; export it again.")


def _check_header(header: dict[str, Json], name: str) -> None:
    """Raise InvalidDocument as soon as the members read so far show that it is not an export of this version."""
    if "format" not in header:
        return
    if header["format"] != FORMAT:
        raise InvalidDocument(f"{name} is not a hottui export.", "Create one with `hottui export FILE`.")
    version = header.get("version", VERSION)
    if version != VERSION or isinstance(version, bool):
        raise InvalidDocument(
            f"{name} has version {_shown(version)}; this hottui supports version {VERSION}.", "Upgrade hottui."
        )


def _entry_or_problem(item: Item) -> Entry | str:
    try:
        return _read(item.value)
    except _Malformed as error:
        return f"Bookmark {item.number:,}: {error}."


class _Malformed(Exception):
    """What is wrong with an entry, as the end of a message."""


def _write(entry: Entry) -> Json:
    bookmark, seen = entry.bookmark, entry.observation
    ref = bookmark.ref
    return {
        "ref": {"endpoint": ref.endpoint, "workspace": ref.workspace, "namespace": ref.namespace, "id": ref.id},
        "label": bookmark.label,
        "note": bookmark.note,
        "added": bookmark.added,
        "transitions": [{"at": each.at, "state": each.state, "previous": each.previous} for each in entry.transitions],
        "answer": None if seen is None else _write_answer(seen),
        "insight": None if entry.insight is None else insight_to_json(entry.insight),
    }


def _write_answer(seen: Observation) -> Json:
    return {"at": seen.at, "request_id": seen.request_id, "summary": asdict(seen.summary), "text": seen.answer}


def _read(value: Json) -> Entry:
    entry = _object(value, "the entry")
    ref = _ref(_object(entry.get("ref"), "`ref`"))
    label, note = _text(entry, "label", MAX_LABEL), _text(entry, "note", MAX_NOTE)
    bookmark = Bookmark(ref, label, note, _time(entry, "added"))
    items = entry.get("transitions", [])
    if not isinstance(items, list):
        raise _Malformed("`transitions` is not a list")
    transitions = [_transition(ref, _object(item, "a transition")) for item in items]
    answer = entry.get("answer")
    return Entry(
        bookmark,
        tuple(sorted(transitions, key=lambda transition: transition.at)[-_MAX_TRANSITIONS:]),
        None if answer is None else _observation(ref, _object(answer, "`answer`")),
        _insight(ref, entry.get("insight")),
    )


def _ref(value: dict[str, Json]) -> Ref:
    endpoint = _text(value, "endpoint", MAX_ENDPOINT)
    if not _ORIGIN.fullmatch(endpoint):
        raise _Malformed(f"the endpoint {_shown(endpoint)} is not an https:// URL")
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
    return Transition(ref, _time(value, "at"), _short_text(value, "state"), _short_text(value, "previous"))


def _observation(ref: Ref, value: dict[str, Json]) -> Observation:
    words = _object(value.get("summary"), "`summary`")
    summary = Summary(**{field.name: _short_text(words, field.name) for field in fields(Summary)})
    text = _text(value, "text", MAX_ANSWER)
    return Observation(ref, _time(value, "at"), summary, _short_text(value, "request_id"), text)


def _insight(ref: Ref, value: Json) -> Insight | None:
    if value is None:
        return None
    if len(write_json(value)) > MAX_ANSWER:
        raise _Malformed(f"`insight` has more than {MAX_ANSWER:,} characters")
    return insight_from_json(ref, _object(value, "`insight`"))


def _object(value: Json, what: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise _Malformed(f"{what} is missing or not an object")
    return value


def _text(value: dict[str, Json], key: str, most: int = MAX_ANSWER) -> str:
    """Return a text that is imported unchanged. Raises _Malformed if it is too long."""
    text = value.get(key, "")
    if not isinstance(text, str):
        raise _Malformed(f"`{key}` is not text")
    if len(text) > most:
        raise _Malformed(f"`{key}` has {len(text):,} characters; at most {most:,} are accepted")
    return text


def _short_text(value: dict[str, Json], key: str) -> str:
    """Return a text that is only displayed, shortened if it is too long."""
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
