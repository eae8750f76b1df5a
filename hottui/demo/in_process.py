"""The demo without a socket: endpoint, credentials, in-process transport, and the history that seeds its store."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
from pydantic import SecretStr

from hottui.analysis.answer_summary import summarize
from hottui.demo.service import ACCESS_KEY_ID, ACCESS_KEY_SECRET, DemoService
from hottui.demo.simulation import Simulation
from hottui.model.answer import read_answer
from hottui.model.json_text import write_json
from hottui.model.ref import Ref
from hottui.model.tracking import Observation, Summary, Transition
from hottui.service.credentials import Credentials, StaticCredentials


def credentials() -> StaticCredentials:
    """Return the credentials that the demo's gateway accepts."""
    return StaticCredentials(Credentials(ACCESS_KEY_ID, SecretStr(ACCESS_KEY_SECRET)), name="demo")


def transport(simulation: Simulation) -> httpx.ASGITransport:
    """Return an httpx transport to a DemoService for `simulation`, without quota or fault injection."""
    return httpx.ASGITransport(app=DemoService(simulation))


def observations(simulation: Simulation, endpoint: str) -> Iterator[tuple[Observation, Transition]]:
    """Yield each transition so far with its observation, oldest first.

    The answers are the current ones; only the state of earlier observations is adjusted.
    """
    answers: dict[Ref, tuple[str, Summary]] = {}
    for transition in simulation.history(endpoint):
        ref = transition.ref
        if ref not in answers:
            text = write_json({"success": True, "data": simulation.result(ref.workspace, ref.namespace, ref.id)})
            answers[ref] = (text, summarize(read_answer(text)))
        text, summary = answers[ref]
        yield Observation(ref, transition.at, replace(summary, state=transition.state), "", text), transition
