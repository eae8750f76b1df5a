"""Flink configurations like those of real jobs, ten to forty keys; their secrets are fake."""

from random import Random
from typing import Any, Final

INTERVAL: Final = "execution.checkpointing.interval"
TIMEOUT: Final = "execution.checkpointing.timeout"
MIN_PAUSE: Final = "execution.checkpointing.min-pause"

_FAKE: Final = "demo-not-a-secret"

_COMMON: Final[dict[str, Any]] = {
    INTERVAL: "180s",
    MIN_PAUSE: "180s",
    TIMEOUT: "10min",
    "execution.checkpointing.mode": "EXACTLY_ONCE",
    "state.backend.type": "gemini",
    "table.exec.state.ttl": "36 h",
    "pipeline.max-parallelism": 32768,
    "taskmanager.numberOfTaskSlots": 1,
    "restart-strategy": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": 2147483647,
    "restart-strategy.fixed-delay.delay": "10 s",
}

_OPTIONAL: Final[dict[str, Any]] = {
    "execution.checkpointing.unaligned.enabled": False,
    "execution.checkpointing.tolerable-failed-checkpoints": 3,
    "execution.checkpointing.max-concurrent-checkpoints": 1,
    "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
    "state.backend.incremental": True,
    "state.backend.gemini.timer-service.factory": "GEMINI",
    "state.checkpoints.dir": "oss://demo-flink-state/checkpoints",
    "table.exec.mini-batch.enabled": True,
    "table.exec.mini-batch.allow-latency": "2s",
    "table.exec.mini-batch.size": 5000,
    "table.exec.sink.upsert-materialize": "NONE",
    "table.exec.source.idle-timeout": "30s",
    "table.exec.async-lookup.buffer-capacity": 100,
    "table.optimizer.agg-phase-strategy": "TWO_PHASE",
    "table.optimizer.distinct-agg.split.enabled": True,
    "table.optimizer.source-merge.enabled": True,
    "table.local-time-zone": "Asia/Shanghai",
    "pipeline.object-reuse": True,
    "pipeline.operator-chaining.enabled": True,
    "taskmanager.memory.managed.fraction": 0.35,
    "taskmanager.memory.network.fraction": 0.1,
    "taskmanager.network.memory.buffer-debloat.enabled": True,
    "heartbeat.timeout": "180s",
    "akka.ask.timeout": "60s",
    "env.java.opts": "-XX:+UseG1GC -XX:MaxGCPauseMillis=200 -Duser.timezone=Asia/Shanghai",
    "metrics.latency.interval": 0,
    "rest.flamegraph.enabled": True,
    "classloader.resolve-order": "child-first",
}

_SECRET: Final[dict[str, Any]] = {
    "s3.secret-key": _FAKE,
    "flink.hadoop.dlf.catalog.accessKeySecret": _FAKE,
    "properties.sasl.jaas.config": (
        f'org.apache.kafka.common.security.plain.PlainLoginModule required username="demo" password="{_FAKE}";'
    ),
    "metrics.reporter.promgateway.password": _FAKE,
    "security.delegation.token.renewal-interval": "1 h",
}


def flink_conf(seed: str, keys: int, secrets: int = 0) -> dict[str, Any]:
    """Return a configuration of about `keys` keys, `secrets` of them secret, determined by `seed`."""
    rng = Random(seed)  # noqa: S311 - demo data, not cryptography
    extra = rng.sample(sorted(_OPTIONAL), max(0, min(keys - len(_COMMON) - secrets, len(_OPTIONAL))))
    chosen = {key: _OPTIONAL[key] for key in _OPTIONAL if key in set(extra)}
    hidden = dict(list(_SECRET.items())[:secrets])
    return {**dict(list(_COMMON.items())[:keys]), **chosen, **hidden}
