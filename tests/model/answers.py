"""Answers and plans for the tests of the model, some from the vendor's page."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VENDOR_PAGE = (Path(__file__).parent.parent / "fixtures" / "vendor_example.json").read_text(encoding="utf-8")


def body(data: Any = None, **envelope: Any) -> str:
    """Return an answer with `data`; keywords add or replace parts of the envelope."""
    whole = {"requestId": "R-1", "success": True, "httpCode": 200, "errorCode": "", "errorMessage": "", "data": data}
    return json.dumps(whole | envelope, ensure_ascii=False)


def with_plan(raw: Any) -> dict[str, Any]:
    """Return a result in EXPERT mode with the `resourcePlan` `raw`."""
    streaming = {"resourceSettingMode": "EXPERT", "expertResourceSetting": {"resourcePlan": raw}}
    return {"targetResourceSetting": {"streamingResourceSetting": streaming}}


def with_conf(target: Mapping[str, Any], asked: Mapping[str, Any] | None = None, **parallelism: Any) -> dict[str, Any]:
    """Return a result with the given Flink conf in the target and in the request, and optional parallelisms."""
    basic = {"parallelism": parallelism.get("target_parallelism")}
    return {
        "hotUpdateParams": {
            "rescaleJobParam": {"jobParallelism": parallelism.get("asked_parallelism")},
            "updateJobConfigParam": {"newFlinkConf": asked},
        },
        "targetResourceSetting": {
            "flinkConf": target,
            "streamingResourceSetting": {"resourceSettingMode": "BASIC", "basicResourceSetting": basic},
        },
    }


def plan_of(count: int, **fields: Any) -> dict[str, Any]:
    """Return a chain of `count` operators in one group; `fields` are added to each node."""
    profile = {"group": "default", "parallelism": 4, "maxParallelism": 128, "minParallelism": 1}
    return {
        "ssgProfiles": [{"name": "default", "cpu": 1.13, "heap": "1 gb", "offHeap": "32 mb", "managed": {}}],
        "nodes": [
            {"id": i, "type": "StreamExecCalc", "desc": f"Calc[{i}]", "profile": profile, **fields}
            for i in range(1, count + 1)
        ],
        "edges": [{"source": i, "target": i + 1, "mode": "PIPELINED", "strategy": "FORWARD"} for i in range(1, count)],
        "vertices": {"717c7b8afebbfb7137f6f0f99beb2a94": list(range(1, count + 1))},
    }


def encoded(document: Any, layers: int) -> Any:
    """Return `document` as the service may send it: 0 an object, 1 JSON text, 2 text escaped once more."""
    if layers == 0:
        return document
    text = json.dumps(document, ensure_ascii=False)
    return text if layers == 1 else json.dumps(text, ensure_ascii=False)[1:-1]
