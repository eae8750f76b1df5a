"""What `hottui get --effect -o json` adds, in its exact shape."""

import json

from hottui.analysis.cost_comparison import compare_costs
from hottui.analysis.effect import effect_of
from hottui.analysis.effect_document import effect_document
from hottui.model.effect import Before, Effect, Interruption, Verdict
from hottui.model.job_reading import JobReading
from tests.analysis.jobs import job_of, reading_of, result_of


def test_everything_known() -> None:
    result = result_of(parallelism=8)
    status = {"currentJobStatus": "RUNNING", "healthScore": 90, "riskLevel": "RISK_LEVEL_LOW"}
    job = job_of(8, jobId="j", deploymentName="orders", deploymentId="d", status=status, startTime=1769851800000)
    reading = reading_of(job, deployment={"deploymentHasChanged": True, "modifierName": "alice"})
    before = Before()
    document = effect_document(
        effect_of(result, reading),
        reading,
        job_id="j",
        interruption=Interruption(True, 1.0, 3.5, 2.5),
        cost=compare_costs(result, before=before, reading=reading),
    )
    assert json.loads(json.dumps(document)) == document
    assert document["effect"] == {
        "verdict": "applied",
        "reason": "Everything asked for is running.",
        "items": [
            {
                "key": "parallelism",
                "name": "parallelism",
                "before": None,
                "asked": 8,
                "running": 8,
                "carried": True,
                "why": "",
            }
        ],
    }
    assert document["interruption_seconds"] == 2.5
    nothing = {"cores": None, "memory_bytes": None, "cu": None, "at_least": None}
    running = {"cores": 9.0, "memory_bytes": 36 * 1024**3, "cu": 9.0, "at_least": False}
    assert document["cost"] == {"before": nothing, "asked": running, "running": running}
    told = {"id": "j", "name": "orders", "deployment_id": "d", "state": "RUNNING", "health": 90}
    more = {"restarts": None, "changed_by": "alice", "started_at": "2026-01-31T09:30:00Z", "unsaved_difference": True}
    assert isinstance(document["job"], dict)
    assert document["job"].items() >= (told | more).items()


def test_nothing_known_is_null() -> None:
    document = effect_document(Effect(Verdict.UNKNOWN, "not read"), JobReading(), job_id="")
    assert isinstance(document["job"], dict)
    assert set(document["job"].values()) == {None}
    assert document["interruption_seconds"] is None
    assert document.keys() == {"effect", "job", "interruption_seconds", "cost"}
