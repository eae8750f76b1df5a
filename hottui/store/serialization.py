"""Converting model values to table rows and back.

SQLite accepts any value in any column, and older versions of hottui stored invalid times, so every row is validated
here. An invalid value is dropped; a row with an invalid ref is skipped.
"""

import zlib
from collections.abc import Iterable
from typing import Any, Final

from hottui.model.control_characters import shorten
from hottui.model.effect import Effect, Interruption, Verdict
from hottui.model.job_insight import MAX_JOB_NAME, interruption_from_json
from hottui.model.json_text import UnreadableJson, read_json
from hottui.model.ref import Ref
from hottui.model.times import UNKNOWN, known_time
from hottui.model.tracking import MAX_LABEL, MAX_NOTE, Bookmark, Observation, Summary, Tracked, Transition

_COMPRESSED_FROM: Final = 2048
"""Bytes from which an answer is compressed; a smaller one fits in a database page anyway."""
MAX_ENDPOINT: Final = 512
"""Characters of an endpoint: a host name has at most 253. The other parts of a ref are shorter."""
MAX_ANSWER: Final = 48 * 1024**2
"""Bytes of an answer's text. Answers from 32 MiB are rejected when read; masking may lengthen one."""
MAX_SUMMARY: Final = 10_000
"""Characters of each text of a summary; it is shown in one line or a few."""

_VERDICTS: Final = frozenset(Verdict)


def ref_values(ref: Ref) -> tuple[str, str, str, str]:
    """Return the columns endpoint, workspace, namespace, hot_update."""
    return (
        without_surrogates(ref.endpoint),
        without_surrogates(ref.workspace),
        without_surrogates(ref.namespace),
        without_surrogates(ref.id),
    )


def summary_values(summary: Summary) -> tuple[str, ...]:
    """Return the columns state, job_id, change, severity, reason, mode."""
    texts = (summary.state, summary.job_id, summary.change, summary.severity, summary.reason, summary.mode)
    return tuple(without_surrogates(text) for text in texts)


def tracked_of(row: tuple[Any, ...]) -> Tracked | None:
    """Return the Tracked in a row of `bookmark`, not polled yet; None if its ref is invalid."""
    if not is_valid_ref(row[:4]):
        return None
    ref = Ref(*row[:4])
    seen, since, viewed_at = map(known_time, row[13:16])
    verdict, reason, job_name, interruption = row[16:20]
    return Tracked(
        ref,
        bookmark=Bookmark(
            ref, shorten(text_of(row[4]), MAX_LABEL), shorten(text_of(row[5]), MAX_NOTE), known_time(row[6]) or UNKNOWN
        ),
        summary=None if row[7] is None else _summary(row[7:13]),
        seen=seen,
        since=since,
        viewed=viewed_at is not None and since is not None and viewed_at >= since,
        effect=Effect(Verdict(verdict), shorten(text_of(reason), MAX_SUMMARY)) if verdict in _VERDICTS else None,
        job_name=shorten(text_of(job_name), MAX_JOB_NAME),
        interruption=_interruption(interruption),
    )


def transitions_of(ref: Ref, rows: Iterable[tuple[Any, ...]]) -> tuple[Transition, ...]:
    """Return the Transitions in rows of (at, state, previous): unknown times first, otherwise in the given order.

    Each process knows only the states it observed, and only the store has all of them. So `previous` is the state of
    the preceding row, except for the first.
    """
    timed = sorted(
        ((known_time(at) or UNKNOWN, text_of(state), text_of(previous)) for at, state, previous in rows),
        key=lambda row: row[0],
    )
    before = [previous for _, _, previous in timed[:1]] + [state for _, state, _ in timed[:-1]]
    return tuple(Transition(ref, at, state, previous) for (at, state, _), previous in zip(timed, before, strict=True))


def pack(answer: str) -> tuple[str, bytes]:
    """Return an answer's text as (encoding, body)."""
    body = answer.encode("utf-8", "replace")
    return ("zlib", zlib.compress(body, 6)) if len(body) >= _COMPRESSED_FROM else ("plain", body)


def unpack(encoding: Any, body: Any) -> str | None:
    """Return the text that `pack` was given; None if it is damaged, which SQLite does not detect."""
    try:
        return (_unpacked(body) if encoding == "zlib" else bytes(memoryview(body))).decode("utf-8")
    except (zlib.error, TypeError, ValueError):
        return None


def observation_of(ref: Ref, row: tuple[Any, ...]) -> Observation | None:
    """Return the Observation in a row of (at, request_id, encoding, body, and the six columns of the summary).

    None if the body is damaged: it can be read again.
    """
    at, request_id, encoding, body = row[:4]
    text = unpack(encoding, body)
    if text is None:
        return None
    return Observation(ref, known_time(at) or UNKNOWN, _summary(row[4:10]), text_of(request_id), text)


def without_surrogates(text: str) -> str:
    """Return `text` with lone surrogates replaced: they cannot be encoded, and arguments not in UTF-8 have them."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _unpacked(body: Any) -> bytes:
    """Return `body` decompressed. Raises ValueError if it is truncated or too long."""
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(body, MAX_ANSWER)
    if not unpacking.eof:
        raise ValueError("the answer is truncated or too long")
    return text


def _interruption(text: Any) -> Interruption | None:
    try:
        return interruption_from_json(read_json(text_of(text))) if text else None
    except UnreadableJson:
        return None


def _summary(values: Iterable[Any]) -> Summary:
    return Summary(*(shorten(text_of(value), MAX_SUMMARY) for value in values))


def text_of(value: Any) -> str:
    """Return a text column as str; another program may have written other types."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else "" if value is None else str(value)


def is_valid_ref(values: Iterable[Any]) -> bool:
    """Whether the values of endpoint, workspace, namespace and hot_update form a valid ref."""
    return all(map(_is_name, values))


def _is_name(value: Any) -> bool:
    """Whether `value` is valid as part of a ref or as an endpoint."""
    return isinstance(value, str) and 0 < len(value) <= MAX_ENDPOINT and value.isascii() and value.isprintable()
