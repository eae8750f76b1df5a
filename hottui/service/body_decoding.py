"""Receiving and decompressing the body of a response, with limits on size and time.

httpx has no such limits, and accepts truncated gzip data; so the raw bytes are received and decompressed here.
"""

import time
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Final

from hottui.service.errors import Unreadable

LIMIT: Final = 32 * 1024 * 1024
"""Maximum size of an answer in bytes, compressed or not: over ten times a plan of 5,000 nodes."""

MAX_MEMBERS: Final = 100
"""Maximum number of gzip members in an answer: servers send one, or a few if they compress in pieces."""

UNPACK_TIMEOUT: Final = 5.0
"""Seconds that decompression may take; two megabytes take ten milliseconds."""

ENCODING: Final = "gzip"
"""The content encoding that is requested."""

INLINE: Final = 64 * 1024
"""Maximum size in bytes of an answer that is decoded on the event loop, which takes about a millisecond."""

_TEMPORARY = "Usually temporary. If it persists, a proxy may modify answers: check the proxy."

NO_HOT_UPDATE: Final = (
    "Not a plausible hot update: another server may answer at this address. Check endpoint and proxy."
)

_CHUNK = 16 * 1024

_INLINE_PACKED = 2 * 1024  # at most 2 MiB decompressed: the ratio of deflate is at most about 1000


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a response as received."""

    packed: bytes
    encoding: str = ""

    @property
    def small(self) -> bool:
        """Whether decompressing and parsing it is quick enough for the event loop."""
        return len(self.packed) <= (_INLINE_PACKED if self.encoding else INLINE)

    def unpack(self) -> bytes:
        """Return the decompressed bytes. Raises Unreadable."""
        if self.encoding in {"", "identity"}:
            return self.packed
        if self.encoding not in {"gzip", "x-gzip"}:
            raise Unreadable(
                f"The answer has the content encoding {self.encoding[:40]!r}, which hottui did not request.",
                hint="A proxy may modify answers: check the proxy.",
            )
        return _gunzip(self.packed)


async def receive(chunks: AsyncIterator[bytes], encoding: str) -> Body:
    """Collect the raw chunks of a body. Raises Unreadable if they exceed LIMIT."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > LIMIT:
            raise _too_large()
        parts.append(chunk)
    return Body(parts[0] if len(parts) == 1 else b"".join(parts), encoding.strip().lower())


def _gunzip(packed: bytes) -> bytes:
    """Decompress all gzip members in `packed` and join their contents. Raises Unreadable."""
    deadline = time.monotonic() + UNPACK_TIMEOUT
    parts: list[bytes] = []
    remaining, members = LIMIT, 0
    member: Any = None  # the decompressor of the current member
    try:
        for chunk in _chunks(packed):
            rest = chunk
            while rest := rest if member else rest.lstrip(b"\0"):
                if time.monotonic() > deadline:
                    raise _too_slow()
                if member is None:
                    members += 1
                    if members > MAX_MEMBERS:
                        raise _too_many()
                    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
                part = member.decompress(rest, remaining + 1)
                remaining -= len(part)
                if remaining < 0:
                    raise _too_large()
                parts.append(part)
                rest = member.unused_data
                if member.eof:
                    member = None
    except zlib.error:
        raise Unreadable("The answer is labelled gzip but is not gzip data.", hint=_TEMPORARY) from None
    if member is not None:
        raise Unreadable("The answer was truncated: its gzip stream is incomplete.", hint=_TEMPORARY)
    return b"".join(parts)


def _chunks(packed: bytes) -> Iterator[bytes]:
    """Yield `packed` in pieces: zlib copies the data after each member, which would take minutes for a large body."""
    for start in range(0, len(packed), _CHUNK):
        yield packed[start : start + _CHUNK]


def _too_many() -> Unreadable:
    return Unreadable(
        f"The answer has more than {MAX_MEMBERS} gzip members; hottui stopped reading it.", hint=NO_HOT_UPDATE
    )


def _too_slow() -> Unreadable:
    return Unreadable(
        f"Decompressing the answer took longer than {UNPACK_TIMEOUT:g} s; hottui stopped reading it.",
        hint=NO_HOT_UPDATE,
    )


def _too_large() -> Unreadable:
    return Unreadable(
        f"The answer is larger than {LIMIT // 1024**2} MiB; hottui stopped reading it.",
        hint=NO_HOT_UPDATE,
    )
