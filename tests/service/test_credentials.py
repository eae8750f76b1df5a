"""Credentials from the environment and from the vendor's library, in separate processes and home folders."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from hottui.service.credentials import (
    Credentials,
    EnvironmentCredentials,
    StaticCredentials,
    check_credentials,
    source_for,
)
from hottui.service.credentials_library import CredentialsLibrary
from hottui.service.credentials_refresh import CHECK_INTERVAL, FAILURE_CACHED, REFRESH_INTERVAL, LibraryCredentials
from hottui.service.errors import CredentialsMissing, CredentialsRefused

ID, SECRET, TOKEN = "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("ALIBABA_CLOUD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


def write_profiles(home: Path, *profiles: dict[str, Any], current: str = "default") -> None:
    (home / ".aliyun").mkdir(exist_ok=True)
    (home / ".aliyun" / "config.json").write_text(json.dumps({"current": current, "profiles": profiles}))


def profile(name: str = "default", secret: str = "s1", **fields: Any) -> dict[str, Any]:
    return {"name": name, "mode": "AK", "access_key_id": "LTAIone", "access_key_secret": secret, **fields}


async def test_the_environment_is_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    source = EnvironmentCredentials()
    monkeypatch.setenv(ID, " LTAI\n")
    monkeypatch.setenv(SECRET, "one")
    assert await source.get() == Credentials("LTAI", SecretStr("one"))
    assert not source.changed()
    monkeypatch.setenv(TOKEN, "a-token")
    assert source.changed()
    assert (await source.get()).secrets == ("one", "a-token")
    assert not source.changed()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, f"{ID} and {SECRET} are not set."),
        ({ID: "x"}, f"{SECRET} is not set."),
        ({SECRET: "x", ID: ""}, f"{ID} is not set."),
    ],
)
async def test_missing_variables_are_named(
    given: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in given.items():
        monkeypatch.setenv(name, text)
    with pytest.raises(CredentialsMissing) as caught:
        await EnvironmentCredentials().get()
    assert caught.value.message == message
    assert ID in caught.value.hint
    assert "aliyun configure" in caught.value.hint


def test_no_repr_shows_a_secret() -> None:
    credentials = Credentials("LTAI", SecretStr("hush-1"), SecretStr("hush-2"))
    assert "hush" not in f"{credentials!r} {credentials} {StaticCredentials(credentials)!r}"
    assert "hush" not in repr(LibraryCredentials(None).__dict__)


@pytest.mark.parametrize("text", ["", "a b", "ключ", "a\nb", "a\x00"])
def test_invalid_credentials_are_rejected_without_quoting_them(text: str) -> None:
    for credentials in (Credentials(text, SecretStr("s")), Credentials("i", SecretStr("s"), SecretStr(text))):
        with pytest.raises(CredentialsRefused) as caught:
            check_credentials(credentials)
        assert not text or text not in caught.value.message.replace("a space", "")


def test_sources_by_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert source_for("environment").name == "environment"
    assert source_for("default").name == "default"
    assert source_for("aliyun:prod").name == "aliyun:prod"
    monkeypatch.setenv(ID, "x")
    assert source_for("default").name == "default", "an ID without a secret is not used"
    monkeypatch.setenv(SECRET, "x")
    assert source_for("default").name == "environment"
    for spec in ("", "aliyun", "aliyun:", "vault:x", "Default"):
        with pytest.raises(ValueError, match="aliyun:PROFILE"):
            source_for(spec)


class Steps:
    """A library that returns the outcomes of a list, and a clock set by the test."""

    def __init__(self, *outcomes: Credentials | CredentialsMissing) -> None:
        self.outcomes = list(outcomes)
        self.calls = 0
        self.forgotten = 0
        self.different = False
        self.now = 100.0
        self.threads: set[int] = set()
        self.source = LibraryCredentials(library=self, monotonic=lambda: self.now)  # type: ignore[arg-type]

    def find(self) -> Credentials:
        self.calls += 1
        self.threads.add(threading.get_ident())
        time.sleep(0.02)  # long enough for all callers to be waiting
        self.different = False
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, CredentialsMissing):
            raise outcome
        return outcome

    def forget(self) -> None:
        self.forgotten += 1

    def changed(self) -> bool:
        return self.different

    async def later(self, seconds: float) -> Credentials:
        self.now += seconds
        return await self.source.get()


KEY = Credentials("LTAI", SecretStr("s"))
TEMPORARY = [Credentials("STS", SecretStr("s"), SecretStr(f"t{n}")) for n in range(5)]


async def test_concurrent_callers_share_one_call_on_a_thread() -> None:
    steps = Steps(KEY)
    found = await asyncio.gather(*(steps.source.get() for _ in range(50)))
    assert set(found) == {KEY}
    assert steps.calls == 1
    assert threading.get_ident() not in steps.threads


async def test_permanent_keys_are_looked_up_once() -> None:
    steps = Steps(KEY)
    for _ in range(5):
        assert await steps.later(10 * REFRESH_INTERVAL) == KEY
    assert steps.calls == 1


async def test_temporary_keys_are_refreshed_and_kept_if_that_fails() -> None:
    steps = Steps(TEMPORARY[0], TEMPORARY[1], CredentialsMissing("Gone."))
    assert await steps.source.get() == TEMPORARY[0]
    assert await steps.later(REFRESH_INTERVAL / 2) == TEMPORARY[0]
    assert await steps.later(REFRESH_INTERVAL) == TEMPORARY[1]
    assert await steps.later(REFRESH_INTERVAL + 1) == TEMPORARY[1]
    assert steps.calls == 3


async def test_changed_files_are_detected_within_seconds() -> None:
    steps = Steps(KEY, TEMPORARY[0])
    await steps.source.get()
    steps.different = True
    assert steps.source.changed()
    assert await steps.later(0.0) == KEY, "the files are not checked for each read"
    assert await steps.later(CHECK_INTERVAL) == TEMPORARY[0]
    assert steps.forgotten == 1


async def test_forget_causes_a_new_look_up() -> None:
    steps = Steps(TEMPORARY[0], TEMPORARY[1])
    await steps.source.get()
    steps.source.forget()
    assert await steps.later(0.0) == TEMPORARY[1]
    assert steps.forgotten == 1


async def test_failures_are_cached() -> None:
    steps = Steps(CredentialsMissing("None here.", hint="Set them."), KEY)
    for seconds in (0.0, 3.0, FAILURE_CACHED - 10):
        with pytest.raises(CredentialsMissing, match="None here") as caught:
            await steps.later(seconds)
        assert caught.value.hint == "Set them."
    assert steps.calls == 1
    assert await steps.later(FAILURE_CACHED) == KEY


async def test_a_waiting_caller_can_be_cancelled() -> None:
    steps = Steps(CredentialsMissing("None here."))
    waiting = asyncio.create_task(steps.source.get())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(CredentialsMissing):
        await steps.source.get()


def test_a_source_works_with_several_event_loops() -> None:
    steps = Steps(KEY)
    assert [asyncio.run(steps.source.get()) for _ in range(2)] == [KEY, KEY]


IN_A_PROCESS = """
import asyncio, json, sys, threading, time, warnings
from hottui.service.credentials import source_for
from hottui.service.errors import ServiceError
assert not [name for name in sys.modules if name.startswith(("alibabacloud", "Tea", "aiohttp"))]
source = source_for(sys.argv[1])
async def main():
    results = []
    for line in [None, *sys.stdin]:
        if line:
            exec(line)
        started = time.perf_counter()
        try:
            found = await source.get()
            result = [found.access_key_id, *found.secrets]
        except ServiceError as error:
            result = [error.message, error.hint]
        results.append({"result": result, "took": time.perf_counter() - started, "changed": source.changed()})
    threads = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    print(json.dumps({"results": results, "threads": threads}))
asyncio.run(main())
"""


def in_a_process(spec: str, *lines: str, **environment: str) -> dict[str, Any]:
    """Return what a source returns in a new process, before and after each of `lines` is run there."""
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS, spec],
        input="".join(line + "\n" for line in lines),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", **environment},
    )
    assert done.stderr == "", "the library is silent"
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_profiles_of_the_aliyun_cli(tmp_path: Path) -> None:
    sts = {"mode": "StsToken", "sts_token": "tok"}
    write_profiles(tmp_path, profile(), profile("prod", "s2"), profile("sts", "s3", **sts), current="prod")
    assert in_a_process("default")["results"][0]["result"] == ["LTAIone", "s2"]
    assert in_a_process("aliyun:default")["results"][0]["result"] == ["LTAIone", "s1"]
    assert in_a_process("aliyun:sts")["results"][0]["result"] == ["LTAIone", "s3", "tok"]


def test_an_ini_file(tmp_path: Path) -> None:
    ini = tmp_path / "keys.ini"
    ini.write_text("[default]\ntype = access_key\naccess_key_id = LTAIini\naccess_key_secret = s\n")
    found = in_a_process("default", ALIBABA_CLOUD_CREDENTIALS_FILE=str(ini))
    assert found["results"][0]["result"] == ["LTAIini", "s"]


def test_an_edited_profile_is_read_again(tmp_path: Path) -> None:
    write_profiles(tmp_path, profile(secret="before"))
    edit = (
        f"p={str(tmp_path / '.aliyun/config.json')!r}; t=open(p).read(); open(p,'w').write(t.replace('before','later'))"
    )
    results = in_a_process("default", f"{edit}; assert source.changed(); time.sleep({CHECK_INTERVAL + 0.1})")["results"]
    assert [one["result"][1] for one in results] == ["before", "later"]
    assert not results[-1]["changed"]


@pytest.mark.parametrize(
    ("content", "spec", "words"),
    [
        (None, "default", "No credentials found in the environment, ~/.aliyun/config.json"),
        (None, "aliyun:prod", "Cannot use aliyun CLI profile 'prod': ~/.aliyun/config.json does not exist"),
        ("{}", "aliyun:prod", "No credentials from profile 'prod' of ~/.aliyun/config.json"),
        ("not JSON", "default", "No credentials found (~/.aliyun/config.json – it is not JSON (line 1))"),
        ("[]", "default", "No credentials found"),
        (
            json.dumps({"profiles": [profile("prod", mode="New")]}),
            "aliyun:prod",
            "its `mode` is unknown; use one of AK",
        ),
        (json.dumps({"profiles": [{"name": "prod", "mode": "AK"}]}), "aliyun:prod", "No credentials from profile"),
    ],
)
def test_reasons_for_missing_credentials(content: str | None, spec: str, words: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / ".aliyun").mkdir()
        (tmp_path / ".aliyun" / "config.json").write_text(content)
    message, hint = in_a_process(spec)["results"][0]["result"]
    assert words in message
    assert "aliyun configure" in hint


def test_an_unavailable_role_is_silent_starts_no_thread_and_is_cached(tmp_path: Path) -> None:
    write_profiles(tmp_path, {"name": "default", "mode": "EcsRamRole", "ram_role_name": "none"})
    answer = in_a_process(
        "default",
        f"time.sleep({CHECK_INTERVAL})",
        ALIBABA_CLOUD_ECS_METADATA_DISABLED="",
        http_proxy="http://127.0.0.1:9",
    )
    first, second = answer["results"]
    assert "No credentials found" in first["result"][0]
    assert second["result"] == first["result"]
    assert second["took"] < first["took"]
    assert not [name for name in answer["threads"] if name != "hottui-credentials"]


def test_nothing_has_changed_before_the_first_look_up(tmp_path: Path) -> None:
    library = CredentialsLibrary()
    assert not library.changed(), "nothing was read yet"
