"""`HotUpdateJobResult` and its parts, with the service's field names (API version 2022-07-18)."""

from typing import Any

from pydantic import Field

from hottui.model.lenient_parsing import Lenient, LenientModel, Number, Object, Text, Whole

BASIC = "BASIC"
EXPERT = "EXPERT"


class ResourceSettingSpec(LenientModel):
    """Resources of one JobManager or TaskManager: `cpu` in cores, `memory` as the service's text (`4 GiB`)."""

    cpu: Number = None
    memory: Text = ""


class BasicResourceSetting(LenientModel):
    """Resources configured for the whole job."""

    parallelism: Whole = None
    jobmanager_resource_setting_spec: Lenient[ResourceSettingSpec] = None
    taskmanager_resource_setting_spec: Lenient[ResourceSettingSpec] = None


class BatchResourceSetting(LenientModel):
    """Resources of a batch job; `max_slot` is in slots."""

    max_slot: Whole = None
    basic_resource_setting: Lenient[BasicResourceSetting] = None


class ExpertResourceSetting(LenientModel):
    """Resources configured for each operator; `resource_plan` is not decoded: see `hottui.model.plan`."""

    jobmanager_resource_setting_spec: Lenient[ResourceSettingSpec] = None
    resource_plan: Any = None


class StreamingResourceSetting(LenientModel):
    """Resources of a streaming job. The mode is `BASIC`, `EXPERT`, or an unknown one, unchanged."""

    resource_setting_mode: Text = ""
    basic_resource_setting: Lenient[BasicResourceSetting] = None
    expert_resource_setting: Lenient[ExpertResourceSetting] = None


class ResourceSettings(LenientModel):
    """The parts that the target of a hot update, a job and a deployment share."""

    flink_conf: Object = None
    batch_resource_setting: Lenient[BatchResourceSetting] = None
    streaming_resource_setting: Lenient[StreamingResourceSetting] = None

    @property
    def basic(self) -> BasicResourceSetting | None:
        """The basic resource setting: streaming first, then batch."""
        for setting in (self.streaming_resource_setting, self.batch_resource_setting):
            if setting and setting.basic_resource_setting:
                return setting.basic_resource_setting
        return None

    @property
    def expert(self) -> ExpertResourceSetting | None:
        """The expert resource setting."""
        return self.streaming_resource_setting.expert_resource_setting if self.streaming_resource_setting else None

    @property
    def parallelism(self) -> int | None:
        """The job parallelism: streaming first, then batch.

        None in EXPERT mode without a basic setting: then each operator has its own.
        """
        for setting in (self.streaming_resource_setting, self.batch_resource_setting):
            basic = setting.basic_resource_setting if setting else None
            if basic and basic.parallelism is not None:
                return basic.parallelism
        return None

    @property
    def mode(self) -> str:
        """`EXPERT`, `BASIC`, an unknown mode unchanged, or empty if there is no streaming setting."""
        streaming = self.streaming_resource_setting
        return (streaming.resource_setting_mode or (EXPERT if self.expert else "")) if streaming else ""

    @property
    def raw_plan(self) -> Any:
        """The undecoded `resourcePlan` of EXPERT mode: an object, a text, or None."""
        return self.expert.resource_plan if self.expert else None


class TargetResourceSetting(ResourceSettings):
    """The settings that the job is updated to."""


_NO_TARGET = TargetResourceSetting()


class RescaleJobParam(LenientModel):
    """The requested parallelism: of the job, and in answers for older SDKs also by vertex ID."""

    job_parallelism: Whole = None
    vertex_parallelism: Lenient[dict[str, Whole]] = None


class UpdateJobConfigParam(LenientModel):
    """The requested Flink configuration."""

    new_flink_conf: Object = None


class HotUpdateParams(LenientModel):
    """The requested changes."""

    rescale_job_param: Lenient[RescaleJobParam] = None
    update_job_config_param: Lenient[UpdateJobConfigParam] = None


class Failure(LenientModel):
    """Why a hot update failed. Present with empty texts after a success, too."""

    reason: Text = ""
    message: Text = ""
    failure_severity: Text = ""

    def __bool__(self) -> bool:
        """Whether there is a reason or a message; a severity alone is also present after a success."""
        return bool(self.reason or self.message)


class Status(LenientModel):
    """The state in the service's spelling, and the ID of the request that caused it."""

    status: Text = ""
    request_id: Text = ""
    failure: Lenient[Failure] = None


class HotUpdateJobResult(LenientModel):
    """The service's answer about one hot update. Every part may be missing."""

    job_hot_update_id: Text = ""
    job_id: Text = ""
    status: Lenient[Status] = None
    hot_update_params: Lenient[HotUpdateParams] = None
    target_resource_setting: Lenient[TargetResourceSetting] = None

    @property
    def state(self) -> str:
        """The state, unchanged; empty if the answer has none."""
        return self.status.status if self.status else ""

    @property
    def failure(self) -> Failure | None:
        """The failure; None if it has neither a reason nor a message."""
        return (self.status.failure or None) if self.status else None

    @property
    def target(self) -> TargetResourceSetting:
        """The target setting; an empty one if the answer has none."""
        return self.target_resource_setting or _NO_TARGET

    @property
    def flink_conf(self) -> dict[str, Any]:
        """The Flink configuration of the target; empty if there is none."""
        return self.target.flink_conf or {}

    @property
    def streaming(self) -> StreamingResourceSetting | None:
        """The streaming resource setting of the target."""
        return self.target.streaming_resource_setting

    @property
    def batch(self) -> BatchResourceSetting | None:
        """The batch resource setting of the target."""
        return self.target.batch_resource_setting

    @property
    def asked_parallelism(self) -> int | None:
        """The requested parallelism of the job."""
        rescale = self.hot_update_params.rescale_job_param if self.hot_update_params else None
        return rescale.job_parallelism if rescale else None

    @property
    def asked_vertices(self) -> dict[str, int]:
        """The requested parallelism by JobVertex ID; empty if there is none."""
        rescale = self.hot_update_params.rescale_job_param if self.hot_update_params else None
        named = (rescale.vertex_parallelism or {}) if rescale else {}
        return {vertex: asked for vertex, asked in named.items() if asked is not None}

    @property
    def asked_conf(self) -> dict[str, Any]:
        """The requested conf keys; empty if the update changes none."""
        update = self.hot_update_params.update_job_config_param if self.hot_update_params else None
        return (update.new_flink_conf or {}) if update else {}

    @property
    def raw_plan(self) -> Any:
        """The undecoded `resourcePlan` of the target: an object, a text, or None."""
        return self.target.raw_plan


class Envelope(LenientModel):
    """The envelope of every answer. The HTTP status is 200 even if `success` is false."""

    request_id: Text = ""
    success: bool
    http_code: Whole = None
    error_code: Text = ""
    error_message: Text = ""
    data: HotUpdateJobResult | None = Field(default=None)
