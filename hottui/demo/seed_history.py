"""The history with which the demo's store is seeded: observations since the start of the simulation."""

from collections.abc import Iterator
from dataclasses import replace

from hottui.analysis.summary import summarize
from hottui.demo.simulation import Simulation
from hottui.model.answer import read_answer
from hottui.model.json_text import write_json
from hottui.model.ref import Ref
from hottui.model.tracking import Observation, Summary, Transition


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
