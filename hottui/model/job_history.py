"""The history of a job: events, Autopilot's tunings, and executions of scheduled plans.

The two histories list the hot updates that Autopilot and schedules started, with times and without an ID.
"""

from hottui.model.lenient_parsing import Flag, Items, Lenient, LenientModel, Number, Text, Time, Whole


class Event(LenientModel):
    """One event of a deployment (`GetEvents`)."""

    event_id: Text = ""
    event_name: Text = ""
    message: Text = ""
    created_at: Time = None
    job_id: Text = ""
    deployment_id: Text = ""


class TuningResources(LenientModel):
    """Resources before or after a tuning: cores, memory as text (`2 Gi`) and parallelism."""

    cpu: Number = None
    memory: Text = ""
    parallelism: Whole = None


class TuningHistory(LenientModel):
    """One tuning of Autopilot (`ListAutopilotTuningHistories`)."""

    tuning_id: Text = ""
    trigger_time: Time = None
    action_type: Text = ""
    """`SCALE_UP_PARALLELISM`, `SCALE_DOWN_PARALLELISM`, `SCALE_UP_MEMORY`, `RESTART`, or another."""
    is_hot_update: Flag = None
    tuning_state: Text = ""
    """`SUCCESS`, `FAILED`, `EXECUTING`, `TERMINATED`, `FAILED_WITH_…`, or another."""
    tuning_message: Text = ""
    old_resource_setting: Lenient[TuningResources] = None
    new_resource_setting: Lenient[TuningResources] = None
    job_id: Text = ""
    deployment_name: Text = ""


class TuningHistories(LenientModel):
    """One page of tunings."""

    page_number: Whole = None
    page_size: Whole = None
    total_count: Whole = None
    tuning_histories: Items[TuningHistory] = ()


class ScheduledPlanExecutedStatus(LenientModel):
    """How a scheduled plan was applied (`HOT_UPDATE`, …) and how far it is (`UPGRADED`, …)."""

    restart_type: Text = ""
    status_state: Text = ""


class ScheduledPlanExecution(LenientModel):
    """One execution of a scheduled plan (`ListScheduledPlanExecutedHistory`)."""

    job_resource_upgrading_id: Text = ""
    name: Text = ""
    origin: Text = ""
    """`SCHEDULED_PLAN`, or another."""
    origin_job_id: Text = ""
    deployment_id: Text = ""
    created_at: Time = None
    creator_name: Text = ""
    modified_at: Time = None
    status: Lenient[ScheduledPlanExecutedStatus] = None
