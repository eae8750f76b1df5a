"""How the model's values lie in the tables, and how they come back.

SQLite keeps any value in any column, and an older hottui kept times that no clock has; so what a row holds is checked
here. A value that is wrong costs itself alone, a ref that is wrong costs its row.
"""

import zlib
from collections.abc import Iterable
from typing import Any, Final

from hottui.model.control_characters import shorten
from hottui.model.ref import Ref
from hottui.model.times import UNKNOWN, known_time
from hottui.model.tracking import MAX_LABEL, MAX_NOTE, Bookmark, Observation, Summary, Tracked, Transition

_COMPRESSED_FROM: Final = 2048
"""Bytes above which an answer is compressed: below, it fits a database page anyway."""
MAX_ENDPOINT: Final = 512
"""Characters of an endpoint: a host name has 253 at the most. The other parts of a ref are shorter."""
MAX_ANSWER: Final = 48 * 1024**2
"""Bytes of an answer's text. The service's are refused from 32 MiB on; masking may make one longer."""
MAX_SUMMARY: Final = 10_000
"""Characters of each text of a summary, which are painted on one line or a few."""


def ref_values(ref: Ref) -> tuple[str, str, str, str]:
    """The columns endpoint, workspace, namespace, hot_update."""
    return plain(ref.endpoint), plain(ref.workspace), plain(ref.namespace), plain(ref.id)


def summary_values(summary: Summary) -> tuple[str, ...]:
    """The columns state, job_id, change, severity, reason, mode."""
    texts = (summary.state, summary.job_id, summary.change, summary.severity, summary.reason, summary.mode)
    return tuple(plain(text) for text in texts)


def tracked_of(row: tuple[Any, ...]) -> Tracked | None:
    """The Tracked in a row of `bookmark`, not read yet in this process; None when its ref cannot be used."""
    if not is_ref(row[:4]):
        return None
    ref = Ref(*row[:4])
    seen, since, looked_at = map(known_time, row[13:16])
    return Tracked(
        ref,
        bookmark=Bookmark(
            ref, shorten(_text(row[4]), MAX_LABEL), shorten(_text(row[5]), MAX_NOTE), known_time(row[6]) or UNKNOWN
        ),
        summary=None if row[7] is None else _summary(row[7:13]),
        seen=seen,
        since=since,
        looked_at=looked_at is not None and since is not None and looked_at >= since,
    )


def transitions_of(ref: Ref, rows: Iterable[tuple[Any, ...]]) -> tuple[Transition, ...]:
    """The Transitions in rows of (at, state, previous), those at an unknown time first, else in the order given.

    Of two processes each knows the states it saw; the order of all of them is in the store alone, so all but the
    first have the state of the row before as their previous one.
    """
    timed = sorted(
        ((known_time(at) or UNKNOWN, _text(state), _text(previous)) for at, state, previous in rows),
        key=lambda row: row[0],
    )
    before = [previous for _, _, previous in timed[:1]] + [state for _, state, _ in timed[:-1]]
    return tuple(Transition(ref, at, state, previous) for (at, state, _), previous in zip(timed, before, strict=True))


def pack(answer: str) -> tuple[str, bytes]:
    """An answer's text as (encoding, body)."""
    body = answer.encode("utf-8", "replace")
    return ("zlib", zlib.compress(body, 6)) if len(body) >= _COMPRESSED_FROM else ("plain", body)


def observation_of(ref: Ref, row: tuple[Any, ...]) -> Observation | None:
    """The Observation in a row of (at, request_id, encoding, body, and the summary's six).

    None for a body that cannot be unpacked: SQLite notices no damage within one, and the service can be asked again.
    """
    at, request_id, encoding, body = row[:4]
    try:
        text = (_unpacked(body) if encoding == "zlib" else bytes(memoryview(body))).decode("utf-8")
    except (zlib.error, TypeError, ValueError):
        return None
    return Observation(ref, known_time(at) or UNKNOWN, _summary(row[4:10]), _text(request_id), text)


def plain(text: str) -> str:
    """`text` without the lone surrogates that no file can hold (arguments that were not UTF-8 have them)."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _unpacked(body: Any) -> bytes:
    """`body` without its compression. Raises ValueError when it is cut, or longer than any answer."""
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(body, MAX_ANSWER)
    if not unpacking.eof:
        raise ValueError("the answer is cut or too long")
    return text


def _summary(values: Iterable[Any]) -> Summary:
    return Summary(*(shorten(_text(value), MAX_SUMMARY) for value in values))


def _text(value: Any) -> str:
    """A text column: other types are what somebody else wrote there."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else "" if value is None else str(value)


def is_ref(values: Iterable[Any]) -> bool:
    """Whether the values of endpoint, workspace, namespace and hot_update are a ref."""
    return all(map(_is_name, values))


def _is_name(value: Any) -> bool:
    """Whether `value` can be part of a ref, an endpoint included."""
    return isinstance(value, str) and 0 < len(value) <= MAX_ENDPOINT and value.isascii() and value.isprintable()
