"""The demo on a real port: how to connect, how it ends, and errors."""

import asyncio
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from hottui.demo.in_process import credentials, transport
from hottui.demo.server import LOOPBACK, CannotServe, connection_instructions, serve, serving
from hottui.demo.service import DemoService
from hottui.demo.simulation import ENDPOINT_IN_PROCESS, Simulation
from hottui.model.ref import Ref
from hottui.service.client import Client
from hottui.service.credentials import EnvironmentCredentials

from .conftest import Clock

SERVE = """
import asyncio, sys
from hottui.demo.server import serve
try:
    asyncio.run(serve(0, lambda text: print(text, flush=True)))
except KeyboardInterrupt:
    sys.exit(130)
"""


@contextmanager
def served_elsewhere() -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A serving process, and its output."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        text = ""
        for line in process.stdout:
            text += line
            if "ctrl-c" in line:
                break
        try:
            yield process, text
        finally:
            process.kill()


async def test_the_printed_options_connect_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with served_elsewhere() as (_, text):
        variables = dict(re.findall(r"^export (\w+)=(\S+)$", text, re.MULTILINE))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("ALIBABA_CLOUD_SECURITY_TOKEN", raising=False)
        ids = re.findall(r"^  ([0-9a-f]{16})  ", text, re.MULTILINE)
        assert len(ids) == 4
        endpoint, workspace, namespace = (
            variables[f"HOTTUI_{name}"] for name in ("ENDPOINT", "WORKSPACE", "NAMESPACE")
        )
        source = EnvironmentCredentials()
        async with Client(lambda _ref: source) as client:
            reading = await client.read(Ref(endpoint, workspace, namespace, ids[0]))
        assert reading.answer.result.job_hot_update_id == ids[0]


def test_ctrl_c_ends_it_cleanly() -> None:
    with served_elsewhere() as (process, _):
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (130, "")


def test_only_the_loopback_address_is_bound() -> None:
    with serving(DemoService(Simulation())) as endpoint:
        assert endpoint.startswith("http://127.0.0.1:")
        port = int(endpoint.rpartition(":")[2])
        with socket.socket() as elsewhere:
            elsewhere.bind(("127.0.0.2", port))  # free, which it would not be if all addresses were bound


def test_a_port_in_use_is_reported() -> None:
    with serving(DemoService(Simulation())) as endpoint:
        port = int(endpoint.rpartition(":")[2])
        with pytest.raises(CannotServe) as refused:
            asyncio.run(serve(port, print))
    assert refused.value.message == f"Cannot listen on {LOOPBACK}:{port}: the port is already in use."
    assert refused.value.hint


@pytest.mark.parametrize("port", [-1, 65_536])
def test_an_invalid_port_is_reported(port: int) -> None:
    with pytest.raises(CannotServe, match="from 0 to 65535"):
        asyncio.run(serve(port, print))


def test_missing_uvicorn_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(CannotServe) as refused:
        asyncio.run(serve(0, print))
    assert "uvicorn" in refused.value.message
    assert "pip install uvicorn" in refused.value.hint


def test_the_port_is_free_after_shutdown() -> None:
    with httpx.Client() as client:  # the server closes the open connection, which leaves the port in TIME_WAIT
        with serving(DemoService(Simulation())) as endpoint:
            assert client.get(endpoint).status_code == 404
        with serving(DemoService(Simulation()), int(endpoint.rpartition(":")[2])) as again:
            assert again == endpoint
            assert client.get(endpoint).status_code == 404


def test_printed_ids_exist_at_the_printed_address(simulation: Simulation) -> None:
    text = connection_instructions(simulation, "http://127.0.0.1:1")
    place = [re.findall(rf"export HOTTUI_{name}=(\S+)", text)[0] for name in ("WORKSPACE", "NAMESPACE")]
    for hot_update_id in re.findall(r"^  ([0-9a-f]{16})  ", text, re.MULTILINE):
        assert simulation.result(place[0], place[1], hot_update_id) or "inventory" in text


async def test_in_process_needs_no_socket(simulation: Simulation, clock: Clock) -> None:
    source = credentials()
    ref = simulation.refs(ENDPOINT_IN_PROCESS)[0]
    async with Client(lambda _ref: source, transport=transport(simulation), clock=clock) as client:
        reading = await client.read(ref)
    assert reading.answer.result.job_hot_update_id == ref.id
    assert reading.at == clock.now
