"""Decompressing bodies, with limits on size, number of members and time."""

import gzip
import zlib
from typing import Any

import pytest

from hottui.service import body_decoding
from hottui.service.body_decoding import LIMIT, MAX_MEMBERS, Body
from hottui.service.errors import Unreadable

EMPTY = gzip.compress(b"")


def gunzip(packed: bytes) -> bytes:
    return Body(packed, "gzip").unpack()


def test_gzip_members_are_joined() -> None:
    parts = [bytes([65 + n % 26]) * n * 700 for n in range(40)]
    for padding in (b"", b"\0", b"\0" * 512, b"\0" * 70_000):
        assert gunzip(padding.join(map(gzip.compress, parts)) + padding) == b"".join(parts)
    assert gunzip(EMPTY * MAX_MEMBERS) == b""
    assert gunzip(gzip.compress(parts[-1], 0)) == parts[-1], "stored uncompressed, larger than the original"


def test_truncated_and_invalid_gzip_members_are_rejected() -> None:
    whole = gzip.compress(b"x" * 100_000, 0)
    for packed in (whole[:-1], whole[:20], whole[:9], whole + EMPTY[:5]):
        with pytest.raises(Unreadable, match="truncated"):
            gunzip(packed)
    for packed in (b"{}", whole + b"{}", whole + b"\0{}", whole[:-8] + b"12345678"):
        with pytest.raises(Unreadable, match="is not"):
            gunzip(packed)


def empty_blocks(size: int) -> bytes:
    """Return a gzip member of empty deflate blocks, each with its own tables: slow to decompress, without output."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packer.compress(b"abcdefgh" * 3) + packer.flush(zlib.Z_FULL_FLUSH)
    return EMPTY[:10] + stream * (size // len(stream))


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        (EMPTY * 200_000, f"more than {MAX_MEMBERS} gzip members"),
        (gzip.compress(b"x") * (MAX_MEMBERS + 1), "gzip members"),
        ((EMPTY + b"\0" * 4000) * 8000, "gzip members"),
        (gzip.compress(b" " * (LIMIT + 1)), "larger than 32 MiB"),
        (gzip.compress(b" " * (LIMIT // 2)) * 3, "larger than 32 MiB"),
        (gzip.compress(gzip.compress(b" " * LIMIT)) * MAX_MEMBERS + EMPTY, "gzip members"),
    ],
    ids=["empty members", "one too many", "padded", "large", "large together", "nested"],
)
def test_compression_bombs_are_rejected_quickly(packed: bytes, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fed, plain = list[int](), zlib.decompressobj

    def decompressor(bits: int) -> Any:
        member = plain(bits)

        class Counting:
            def decompress(self, data: bytes, limit: int) -> bytes:
                fed.append(len(data))
                return member.decompress(data, limit)

            def __getattr__(self, name: str) -> Any:
                return getattr(member, name)

        return Counting()

    monkeypatch.setattr(body_decoding, "UNPACK_TIMEOUT", float("inf"))
    monkeypatch.setattr(zlib, "decompressobj", decompressor)
    with pytest.raises(Unreadable, match=words):
        gunzip(packed)
    # zlib copies what follows a member: in one piece, the first of these would take minutes
    assert sum(fed) <= len(packed) + MAX_MEMBERS * body_decoding._CHUNK


def test_decompression_stops_at_its_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_decoding, "UNPACK_TIMEOUT", -1.0)
    with pytest.raises(Unreadable, match="took longer"):
        gunzip(EMPTY)


def test_empty_deflate_blocks_stop_at_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_decoding, "UNPACK_TIMEOUT", 0.01)
    with pytest.raises(Unreadable, match="took longer"):
        gunzip(empty_blocks(8 * 1024 * 1024))


@pytest.mark.parametrize(
    "encoding",
    ["br", "zstd", "deflate", "compress", "gzip, gzip", "gzip,br", "identity, gzip", "aes128gcm", "*", "\x00"],
)
def test_unrequested_content_encodings_are_rejected(encoding: str) -> None:
    with pytest.raises(Unreadable, match="did not request"):
        Body(gzip.compress(b"{}"), encoding).unpack()
