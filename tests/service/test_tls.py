"""TLS on real sockets: which certificates are trusted, and how the user configures others."""

import os
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from hottui.service.errors import Unreachable
from tests.service.authority import Authority, new_authority
from tests.service.conftest import MakeClient, RefAt
from tests.service.raw_server import raw_server, resets, response, sends


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(autouse=True)
def no_store_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)


async def test_a_private_ca_is_trusted_only_if_configured(
    authority: Authority, make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch, example: bytes
) -> None:
    async with raw_server(sends(response(example)), tls=authority.serve("localhost")) as server:
        url = f"https://localhost:{server.port}"
        with pytest.raises(Unreachable, match="is not trusted") as caught:
            await make_client().read(ref_at(url))
        assert "SSL_CERT_FILE" in caught.value.hint
        assert server.requests == [], "nothing is sent to an untrusted server"
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        reading = await make_client().read(ref_at(url))
    assert reading.answer.result.state
    assert len(server.requests) == 1


async def test_a_folder_of_certificates_needs_hashed_names(
    authority: Authority, make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch, example: bytes
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", str(authority.folder))
    async with raw_server(sends(response(example)), tls=authority.serve("localhost")) as server:
        # OpenSSL finds certificates in a folder by the names that `openssl rehash` creates, which are missing here.
        with pytest.raises(Unreachable, match="is not trusted"):
            await make_client().read(ref_at(f"https://localhost:{server.port}"))


@pytest.mark.parametrize(
    ("context", "words"),
    [
        (lambda ca: ca.serve("elsewhere.example"), "not trusted: Hostname mismatch"),
        (lambda ca: ca.serve("localhost", expired=True), "not trusted: certificate has expired"),
    ],
    ids=["another name", "expired"],
)
async def test_invalid_certificates_are_rejected(
    context: Callable[[Authority], ssl.SSLContext],
    words: str,
    authority: Authority,
    make_client: MakeClient,
    ref_at: RefAt,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    async with raw_server(sends(response()), tls=context(authority)) as server:
        with pytest.raises(Unreachable) as caught:
            await make_client().read(ref_at(f"https://localhost:{server.port}"))
    assert words in caught.value.message
    assert server.requests == []


async def test_a_server_without_tls(make_client: MakeClient, ref_at: RefAt) -> None:
    async with raw_server(sends(b"HTTP/1.1 400 Bad Request\r\n\r\n"), until=b"\x16") as server:
        with pytest.raises(Unreachable, match="No secure connection") as caught:
            await make_client().read(ref_at(f"https://127.0.0.1:{server.port}"))
    assert "may not support TLS" in caught.value.hint


async def test_a_hanging_handshake_times_out(
    make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hottui.service.transport.CONNECT_TIMEOUT", 0.2)
    async with raw_server(resets, until=b"never sent") as server:
        with pytest.raises(Unreachable, match="connection timed out"):
            await make_client().read(ref_at(f"https://127.0.0.1:{server.port}"))


@pytest.mark.parametrize("content", [None, "no certificate", ""], ids=["missing", "text", "empty"])
async def test_an_unreadable_certificate_store_is_named(
    content: str | None, tmp_path: Path, make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store.pem"
    if content is not None:
        store.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(store))
    client = make_client()
    for _ in range(2):
        with pytest.raises(Unreachable, match=r"SSL_CERT_FILE names .*store\.pem, which cannot be used") as caught:
            await client.read(ref_at("https://127.0.0.1:9"))
        assert "PEM" in caught.value.hint


async def test_an_unwritable_key_log_is_named(
    authority: Authority, make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    async with raw_server(sends(response()), tls=authority.serve("localhost")) as server:
        for path in (tmp_path / "no" / "such", tmp_path, pipe, "x" * 5000):
            monkeypatch.setenv("SSLKEYLOGFILE", str(path))
            with pytest.raises(Unreachable) as caught:
                await make_client().read(ref_at(f"https://localhost:{server.port}"))
            assert caught.value.message.startswith("SSLKEYLOGFILE names "), path
            assert "ertificate" not in caught.value.message + caught.value.hint
    assert server.requests == []


async def test_the_key_log_is_readable_by_its_owner_only(
    authority: Authority,
    make_client: MakeClient,
    ref_at: RefAt,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    example: bytes,
) -> None:
    log = tmp_path / "keys"
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    async with raw_server(sends(response(example)), tls=authority.serve("localhost")) as server:
        await make_client().read(ref_at(f"https://localhost:{server.port}"))
    assert log.stat().st_size
    assert log.stat().st_mode & 0o077 == 0


async def test_a_named_pipe_instead_of_certificates_is_rejected_at_once(
    make_client: MakeClient, ref_at: RefAt, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/zero")):
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        with pytest.raises(Unreachable) as caught:
            await make_client().read(ref_at("https://localhost:1"))
        assert caught.value.message == f"SSL_CERT_FILE names {path}, which cannot be used: it is not a regular file."
