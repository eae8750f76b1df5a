"""Hypothesis strategies for any JSON, and for JSON similar to an answer."""

from typing import Any

from hypothesis import strategies as st

FIELDS = (
    "requestId", "success", "httpCode", "errorCode", "errorMessage", "data", "jobHotUpdateId", "jobId", "status",
    "failure", "reason", "message", "failureSeverity", "hotUpdateParams", "rescaleJobParam", "jobParallelism",
    "updateJobConfigParam", "newFlinkConf", "flinkConf", "targetResourceSetting", "batchResourceSetting",
    "streamingResourceSetting", "basicResourceSetting", "expertResourceSetting", "maxSlot", "parallelism",
    "jobmanagerResourceSettingSpec", "taskmanagerResourceSettingSpec", "cpu", "memory", "resourcePlan",
    "resourceSettingMode", "ssgProfiles", "nodes", "edges", "vertices", "id", "type", "desc", "profile", "group",
    "name", "heap", "offHeap", "managed", "extended", "source", "target", "from", "to", "mode", "strategy",
    "maxParallelism", "minParallelism", "model_config", "__class__", "job_id",
)  # fmt: skip

numbers = st.integers() | st.integers(-(10**60), 10**60) | st.floats(allow_nan=False, allow_infinity=False)
words = st.sampled_from(["", '""', "true", "10", "1e999", "4 GiB", "INIT", "{}", '{\\"', "EXPERT", "\x1b[31m", "null"])
scalars = st.none() | st.booleans() | numbers | words | st.text(max_size=8)


def any_json(
    keys: st.SearchStrategy[str] | None = None, texts: st.SearchStrategy[str] | None = None
) -> st.SearchStrategy[Any]:
    """Any JSON values, with object keys from `keys` and texts from `texts`."""
    names = keys if keys is not None else st.sampled_from(FIELDS) | st.text(max_size=5)
    leaves = scalars if texts is None else st.none() | st.booleans() | numbers | texts
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5), max_leaves=25
    )


def _mostly(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(strategy, strategy, strategy, any_json())


def _object(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _mostly(st.fixed_dictionaries({}, optional={name: _mostly(part) for name, part in fields.items()}))


conf = st.dictionaries(st.text(max_size=6) | st.sampled_from(["password", "a.b"]), scalars, max_size=4)
spec = _object(cpu=numbers | words, memory=words)
basic = _object(parallelism=numbers, jobmanagerResourceSettingSpec=spec, taskmanagerResourceSettingSpec=spec)
profile = _object(group=words, parallelism=numbers, maxParallelism=numbers, minParallelism=numbers)
node_ids = st.integers(0, 4) | st.sampled_from(["0", "1", "x"])
plans = _object(
    ssgProfiles=st.lists(_object(name=words, cpu=numbers, heap=words, offHeap=words, managed=conf), max_size=3),
    nodes=st.lists(_object(id=node_ids, type=words, desc=words, profile=profile), max_size=5),
    edges=st.lists(_object(source=node_ids, target=node_ids, mode=words, strategy=words), max_size=5),
    vertices=st.dictionaries(st.text(max_size=4), st.lists(node_ids), max_size=3),
)
failures = _object(reason=words, message=words, failureSeverity=words)


times = st.integers(-1, 2**34) | st.integers(1_700_000_000_000, 1_800_000_000_000) | words
job_states = st.sampled_from(["RUNNING", "FAILED", "CANCELLED", "FINISHED", "STARTING", "RESTARTING", "CANCELED", ""])
trace = st.sampled_from(["a.BException: x\n\tat c\nCaused by: d.EError\n\t... 2 more", "plain", "\x1b[31m"])


def jobs(raw_plans: st.SearchStrategy[Any] = plans) -> st.SearchStrategy[Any]:
    """What `GetJob` may give: mostly of the right shape, with something else anywhere in it."""
    expert = _object(jobmanagerResourceSettingSpec=spec, resourcePlan=raw_plans)
    streaming = _object(resourceSettingMode=words, basicResourceSetting=basic, expertResourceSetting=expert)
    failure = _object(reason=words, message=trace, failedAt=times)
    running = _object(observedFlinkJobStatus=job_states, observedFlinkJobRestarts=numbers)
    return _object(
        jobId=words,
        deploymentName=words,
        engineVersion=st.sampled_from(["vvr-8.0.0-flink-1.17", "vvr-11.1-flink-1.20", "?"]),
        flinkConf=conf,
        userFlinkConf=conf,
        streamingResourceSetting=streaming,
        batchResourceSetting=_object(maxSlot=numbers, basicResourceSetting=basic),
        startTime=times,
        endTime=times,
        modifiedAt=times,
        modifierName=words,
        metric=_object(totalCpu=numbers, totalMemoryByte=numbers),
        status=_object(currentJobStatus=job_states, failure=failure, healthScore=numbers, running=running),
    )


flink_jobs = _object(
    **{"start-time": times, "end-time": times},
    state=job_states,
    now=times,
    timestamps=st.dictionaries(job_states, times, max_size=5),
    vertices=st.lists(
        _object(id=st.text(max_size=4), name=words, parallelism=numbers | st.integers(1, 4), maxParallelism=numbers),
        max_size=4,
    ),
)
"""What Flink's `/jobs/:jid` may give."""
checkpoint_configs = _object(interval=numbers, timeout=times, min_pause=numbers, unaligned_checkpoints=st.booleans())
"""What Flink's `/checkpoints/config` may give."""


def results(raw_plans: st.SearchStrategy[Any] = plans) -> st.SearchStrategy[Any]:
    """`data` objects, mostly of the expected types, with other values anywhere."""
    expert = _object(jobmanagerResourceSettingSpec=spec, resourcePlan=raw_plans)
    streaming = _object(resourceSettingMode=words, basicResourceSetting=basic, expertResourceSetting=expert)
    batch = _object(maxSlot=numbers, basicResourceSetting=basic)
    return _object(
        jobHotUpdateId=words,
        jobId=words,
        status=_object(status=words, requestId=words, failure=failures),
        hotUpdateParams=_object(
            rescaleJobParam=_object(jobParallelism=numbers), updateJobConfigParam=_object(newFlinkConf=conf)
        ),
        targetResourceSetting=_object(flinkConf=conf, batchResourceSetting=batch, streamingResourceSetting=streaming),
    )
