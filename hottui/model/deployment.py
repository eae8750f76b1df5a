"""The deployment of a job: the saved settings, which may differ from the running ones."""

from typing import Any

from hottui.model.job import JobSettings
from hottui.model.lenient_parsing import Flag, Lenient, LenientModel, Text, Whole


class BriefDeploymentTarget(LenientModel):
    """The target of the deployment: its mode, `PER_JOB` or `SESSION`, and its name."""

    mode: Text = ""
    name: Text = ""


class JobSummary(LenientModel):
    """The number of jobs of the deployment in each state."""

    starting: Whole = None
    running: Whole = None
    cancelling: Whole = None
    cancelled: Whole = None
    failed: Whole = None
    finished: Whole = None


class Deployment(JobSettings):
    """One deployment. Every part may be missing; times are seconds since the epoch."""

    name: Text = ""
    description: Text = ""
    labels: Lenient[dict[str, Any]] = None
    deployment_has_changed: Flag = None
    """Whether the saved settings differ from those of the running job."""
    deployment_target: Lenient[BriefDeploymentTarget] = None
    job_summary: Lenient[JobSummary] = None
