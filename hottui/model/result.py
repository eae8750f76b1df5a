"""`HotUpdateJobResult` and everything below it, by the service's names (API 2022-07-18)."""

from typing import Any

from pydantic import Field

from hottui.model.lenient_parsing import Lenient, LenientModel, Number, Text, Whole

BASIC = "BASIC"
EXPERT = "EXPERT"


class ResourceSettingSpec(LenientModel):
    """What one JobManager or TaskManager gets: `cpu` in cores, `memory` as the service's text (`4 GiB`)."""

    cpu: Number = None
    memory: Text = ""


class BasicResourceSetting(LenientModel):
    """Resources given for the whole job."""

    parallelism: Whole = None
    jobmanager_resource_setting_spec: Lenient[ResourceSettingSpec] = None
    taskmanager_resource_setting_spec: Lenient[ResourceSettingSpec] = None


class BatchResourceSetting(LenientModel):
    """Resources of a batch job; `max_slot` is in slots."""

    max_slot: Whole = None
    basic_resource_setting: Lenient[BasicResourceSetting] = None


class ExpertResourceSetting(LenientModel):
    """Resources given operator by operator; `resource_plan` is as it came: see `hottui.model.plan`."""

    jobmanager_resource_setting_spec: Lenient[ResourceSettingSpec] = None
    resource_plan: Any = None


class StreamingResourceSetting(LenientModel):
    """Resources of a streaming job; the mode is `BASIC`, `EXPERT`, or whatever the service says."""

    resource_setting_mode: Text = ""
    basic_resource_setting: Lenient[BasicResourceSetting] = None
    expert_resource_setting: Lenient[ExpertResourceSetting] = None


class TargetResourceSetting(LenientModel):
    """Where the job is to end up."""

    flink_conf: Lenient[dict[str, Any]] = None
    batch_resource_setting: Lenient[BatchResourceSetting] = None
    streaming_resource_setting: Lenient[StreamingResourceSetting] = None


class RescaleJobParam(LenientModel):
    """The parallelism that was asked for: of the job, and in answers that follow older SDKs also by vertex ID."""

    job_parallelism: Whole = None
    vertex_parallelism: Lenient[dict[str, Whole]] = None


class UpdateJobConfigParam(LenientModel):
    """The Flink configuration that was asked for."""

    new_flink_conf: Lenient[dict[str, Any]] = None


class HotUpdateParams(LenientModel):
    """What was asked for."""

    rescale_job_param: Lenient[RescaleJobParam] = None
    update_job_config_param: Lenient[UpdateJobConfigParam] = None


class Failure(LenientModel):
    """Why a hot update failed; present with empty texts on a success too."""

    reason: Text = ""
    message: Text = ""
    failure_severity: Text = ""

    def __bool__(self) -> bool:
        """Whether it says anything: a severity alone stands on successes as well."""
        return bool(self.reason or self.message)


class Status(LenientModel):
    """The state as the service spells it, and the request that caused it."""

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
        """The state as it came; empty when the answer has none."""
        return self.status.status if self.status else ""

    @property
    def failure(self) -> Failure | None:
        """The failure, when it says anything."""
        return (self.status.failure or None) if self.status else None

    @property
    def flink_conf(self) -> dict[str, Any]:
        """The Flink configuration of the target; empty when there is none."""
        target = self.target_resource_setting
        return (target.flink_conf or {}) if target else {}

    @property
    def streaming(self) -> StreamingResourceSetting | None:
        """The streaming resource setting of the target."""
        target = self.target_resource_setting
        return target.streaming_resource_setting if target else None

    @property
    def batch(self) -> BatchResourceSetting | None:
        """The batch resource setting of the target."""
        target = self.target_resource_setting
        return target.batch_resource_setting if target else None

    @property
    def asked_parallelism(self) -> int | None:
        """The job parallelism asked for."""
        rescale = self.hot_update_params.rescale_job_param if self.hot_update_params else None
        return rescale.job_parallelism if rescale else None

    @property
    def asked_vertices(self) -> dict[str, int]:
        """The parallelism asked for by JobVertex ID; empty when no vertex is named."""
        rescale = self.hot_update_params.rescale_job_param if self.hot_update_params else None
        named = (rescale.vertex_parallelism or {}) if rescale else {}
        return {vertex: asked for vertex, asked in named.items() if asked is not None}

    @property
    def asked_conf(self) -> dict[str, Any]:
        """The conf keys asked for; empty when the update changes none."""
        update = self.hot_update_params.update_job_config_param if self.hot_update_params else None
        return (update.new_flink_conf or {}) if update else {}

    @property
    def raw_plan(self) -> Any:
        """The `resourcePlan` as it came: an object, a text, or None."""
        expert = self.streaming.expert_resource_setting if self.streaming else None
        return expert.resource_plan if expert else None


class Envelope(LenientModel):
    """What every call of the service answers with. HTTP status is 200 even when `success` is false."""

    request_id: Text = ""
    success: bool
    http_code: Whole = None
    error_code: Text = ""
    error_message: Text = ""
    data: HotUpdateJobResult | None = Field(default=None)
