"""How the model's values lie in the tables, and how they come back."""

import zlib
from typing import Any, Final

from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Observation, Summary, Tracked

_COMPRESSED_FROM: Final = 2048
"""Bytes above which an answer is compressed: below, it fits a database page anyway."""


def ref_values(ref: Ref) -> tuple[str, str, str, str]:
    """The columns endpoint, workspace, namespace, hot_update."""
    return plain(ref.endpoint), plain(ref.workspace), plain(ref.namespace), plain(ref.id)


def summary_values(summary: Summary) -> tuple[str, ...]:
    """The columns state, job_id, change, severity, reason, mode."""
    texts = (summary.state, summary.job_id, summary.change, summary.severity, summary.reason, summary.mode)
    return tuple(plain(text) for text in texts)


def tracked_of(row: tuple[Any, ...]) -> Tracked:
    """The Tracked that a row of `bookmark` tells; not read yet, as far as this process knows."""
    ref = Ref(*row[:4])
    label, note, added = row[4:7]
    seen, since, looked_at = row[13:16]
    return Tracked(
        ref,
        bookmark=Bookmark(ref, label, note, added),
        summary=None if row[7] is None else Summary(*row[7:13]),
        seen=seen,
        since=since,
        looked_at=looked_at is not None and since is not None and looked_at >= since,
    )


def pack(answer: str) -> tuple[str, bytes]:
    """An answer's text as (encoding, body)."""
    body = answer.encode("utf-8", "replace")
    return ("zlib", zlib.compress(body, 6)) if len(body) >= _COMPRESSED_FROM else ("plain", body)


def observation_of(ref: Ref, row: tuple[Any, ...]) -> Observation | None:
    """The Observation that a row of (at, request_id, encoding, body, and the summary's six) tells.

    None for a body that cannot be unpacked: SQLite notices no damage within one, and the service can be asked again.
    """
    at, request_id, encoding, body = row[:4]
    try:
        text = (zlib.decompress(body) if encoding == "zlib" else body).decode("utf-8")
    except (zlib.error, UnicodeDecodeError):
        return None
    return Observation(ref, at, Summary(*row[4:10]), request_id, text)


def plain(text: str) -> str:
    """`text` without the lone surrogates that no file can hold (arguments that were not UTF-8 have them)."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
