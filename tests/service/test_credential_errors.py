"""Errors of credentials sources: in hottui's words, without contents of files and responses."""

import asyncio
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from hottui.service.credentials_library import CredentialsLibrary
from hottui.service.credentials_refresh import LibraryCredentials
from hottui.service.errors import CredentialsMissing, ServiceError, Unreachable

HUSH = "Hush3Secret"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("ALIBABA_CLOUD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")


def write_config(home: Path, content: object) -> None:
    (home / ".aliyun").mkdir(exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    (home / ".aliyun" / "config.json").write_text(text)


def look_up_error(profile: str | None = "prod") -> ServiceError:
    """Return the error of a look-up, after checking that it contains no secret."""
    with pytest.raises(ServiceError) as caught:
        CredentialsLibrary(profile).find()
    error = caught.value
    assert HUSH not in f"{error} {error.message} {error.hint} {error.args!r}"
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None, "a crash report would quote the cause"
    return error


def profile(**fields: Any) -> dict[str, Any]:
    return {"name": "prod", "mode": "AK", "access_key_id": "LTAIone", "access_key_secret": HUSH, **fields}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f'{{"profiles": [\n{{"name": "prod", "secret": "{HUSH}"', "it is not JSON (line 2)"),
        (f'"{HUSH}"', "it must contain an object, not text"),
        ("[" * 100_000, "it is nested too deeply"),
        ("9" * 10_000, "too large a number"),
        ({"profiles": {"prod": profile()}}, "`profiles` must be a list, not an object"),
        ({"profiles": HUSH}, "`profiles` must be a list, not text"),
        ({"profiles": None}, "`profiles` must be a list, not null"),
        ({"profiles": [HUSH, profile()]}, "entry 1 of `profiles` must be an object, not text"),
        ({"profiles": []}, "there is no profile with this name"),
        ({"profiles": [profile(access_key_secret=[HUSH])]}, "`access_key_secret` must be text, not a list"),
        ({"profiles": [profile(access_key_secret={"a": HUSH})]}, "`access_key_secret` must be text, not an object"),
        ({"profiles": [profile(access_key_id=5)]}, "`access_key_id` must be text, not a number"),
        ({"profiles": [profile(access_key_id=True)]}, "`access_key_id` must be text, not true or false"),
        ({"profiles": [profile(access_key_id="")]}, "`access_key_id` is missing or empty"),
        ({"profiles": [profile(mode=HUSH)]}, "its `mode` is unknown; use one of AK, StsToken, RamRoleArn"),
        ({"profiles": [profile(mode=[HUSH])]}, "`mode` must be text, not a list"),
        ({"profiles": [profile(mode="StsToken")]}, "`sts_token` is missing or empty"),
        ({"profiles": [profile(mode="StsToken", sts_token=[HUSH])]}, "`sts_token` must be text, not a list"),
        ({"profiles": [profile(mode="RamRoleArn", ram_role_arn="a", expired_seconds=HUSH)]}, "must be a whole number"),
        (
            {"profiles": [profile(mode="RamRoleArn", ram_role_arn="a", expired_seconds=60)]},
            "the session duration must be at least 900 s",
        ),
        (
            {"profiles": [profile(mode="ChainableRamRoleArn", source_profile="prod", ram_role_arn="a")]},
            "circular reference",
        ),
        (
            {"profiles": [profile(mode="ChainableRamRoleArn", source_profile=HUSH, ram_role_arn="a")]},
            "its `source_profile` does not exist",
        ),
        ({"profiles": [profile(mode="OAuth", oauth_site_type=HUSH)]}, "`oauth_site_type` must be CN or INTL"),
    ],
)
def test_errors_in_the_aliyun_cli_config(content: object, words: str, tmp_path: Path) -> None:
    write_config(tmp_path, content)
    error = look_up_error()
    assert isinstance(error, CredentialsMissing)
    assert words in error.message
    assert "profile 'prod'" in error.message
    if isinstance(content, dict):
        write_config(tmp_path, content | {"current": "prod"})
        assert words in look_up_error(None).message


def test_the_current_profile_has_the_wrong_type(tmp_path: Path) -> None:
    write_config(tmp_path, {"current": [HUSH], "profiles": [profile()]})
    assert "`current` must be text, not a list" in look_up_error(None).message


def test_environment_keys_do_not_replace_missing_profile_fields(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("alibabacloud_credentials.utils.auth_util.environment_access_key_secret", "of-elsewhere")
    write_config(tmp_path, {"profiles": [profile(access_key_secret=None)]})
    assert "`access_key_secret` is missing or empty" in look_up_error().message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"[default]\ntype = access_key\naccess_key_secret {HUSH}\n", "line 3 is not `key = value`"),
        (f"{HUSH}\n[default]\n", "line 1 is outside of any [section]"),
        (f"access_key_secret = {HUSH}\n", "line 1 is outside of any [section]"),
        (f"[default]\na = {HUSH}\na = {HUSH}\n", "line 3 is a duplicate"),
        (f"[default]\ntype = access_key\nx = %({HUSH})s\n", "a value contains `%`"),
        (f"[default]\ntype = {HUSH}\n", "its `type` is unknown"),
        (f"[default]\ntype = access_key\naccess_key_id = {HUSH}\n", "the access key secret is empty"),
        (f"[other]\ntype = {HUSH}\n", "it has no section with the profile's name"),
        (b"[default]\na = \xff" + HUSH.encode(), "it is not UTF-8"),
        (f"[default]\ntype = rsa_key_pair\npublic_key_id = x\nprivate_key_file = /nowhere/{HUSH}\n", ""),
    ],
)
def test_errors_in_an_ini_file(
    content: str | bytes, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ini = tmp_path / "keys.ini"
    ini.write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.setenv("ALIBABA_CLOUD_CREDENTIALS_FILE", str(ini))
    error = look_up_error(None)
    assert words in error.message
    assert str(ini) in error.message


def test_named_pipes_instead_of_files_do_not_block(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".aliyun").mkdir()
    os.mkfifo(tmp_path / ".aliyun" / "config.json")
    os.mkfifo(tmp_path / "keys.ini")
    monkeypatch.setenv("ALIBABA_CLOUD_CREDENTIALS_FILE", str(tmp_path / "keys.ini"))
    assert "No credentials found in the environment" in look_up_error(None).message
    assert "does not exist" in look_up_error("prod").message


@contextmanager
def server(status: int, body: str) -> Iterator[str]:
    """Serve the same response to every request; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Do nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}"
        finally:
            http.shutdown()
            thread.join()


def error_with_server(address: str, monkeypatch: pytest.MonkeyPatch) -> ServiceError:
    uri = f"{address}/{HUSH}?token={HUSH}"
    monkeypatch.setenv("ALIBABA_CLOUD_CREDENTIALS_URI", uri)
    monkeypatch.setattr("alibabacloud_credentials.utils.auth_util.environment_credentials_uri", uri)
    return look_up_error(None)


@pytest.mark.parametrize(
    ("status", "body", "words", "code"),
    [
        (403, f'{{"Code": "{HUSH}"}}', "returned HTTP 403)", 3),
        (403, f'{{"Code": "NoPermission", "Message": "{HUSH}"}}', "returned HTTP 403 NoPermission)", 3),
        (503, HUSH, "returned HTTP 503)", 5),
        (200, HUSH, "response or file is invalid", 3),
        (200, f'{{"Code": "Failed", "Secret": "{HUSH}"}}', "response or file is invalid", 3),
        (200, f'["{HUSH}"]', "response or file is invalid", 3),
    ],
)
def test_responses_of_a_credentials_server_are_not_quoted(
    status: int, body: str, words: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(status, body) as address:
        error = error_with_server(address, monkeypatch)
    assert words in error.message
    assert error.exit_code == code


@pytest.mark.parametrize("key", [5, ["x"], {"a": HUSH}, True])
def test_keys_of_the_wrong_type_are_rejected(key: object, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"Code": "Success", "AccessKeyId": "a", "AccessKeySecret": key, "SecurityToken": "t"}
    with server(200, json.dumps(answer | {"Expiration": "2100-01-01T00:00:00Z"})) as address:
        assert "secret or token is not text" in error_with_server(address, monkeypatch).message


def test_an_unreachable_credentials_server_is_a_network_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
        error = error_with_server(nowhere, monkeypatch)
        assert isinstance(error, Unreachable)
        assert "cannot be reached" in error.message
        monkeypatch.setenv("HTTPS_PROXY", nowhere)
        write_config(tmp_path, {"profiles": [profile(mode="RamRoleArn", ram_role_arn="acs:ram::1:role/x")]})
        error = look_up_error()
    assert isinstance(error, Unreachable)
    assert error.exit_code == 5
    assert "the credentials server cannot be reached" in error.message
    assert "HTTPS_PROXY" in error.hint


class Hanging:
    """A library whose look-up blocks until `go` is set."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def find(self) -> None:
        self.go.wait(60)
        raise CredentialsMissing("Let go.")

    def timeout_error(self, seconds: float) -> ServiceError:
        return CredentialsMissing(f"Nothing for {seconds:g} s.")

    def changed(self) -> bool:
        return False


async def test_a_slow_look_up_times_out_and_continues() -> None:
    library = Hanging()
    source = LibraryCredentials("prod", library=library, timeout=0.05)  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(CredentialsMissing, match=r"Nothing for 0\.05 s"):
            await source.get()
    library.go.set()
    for _ in range(400):
        try:
            await source.get()
        except CredentialsMissing as error:
            if error.message == "Let go.":
                return
        await asyncio.sleep(0.02)
    pytest.fail("the look-up never ended")
