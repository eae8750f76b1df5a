"""The deployment that a job was started from: what is saved, which may differ from what runs."""

from typing import Any

from hottui.model.job import JobSettings
from hottui.model.lenient_parsing import Flag, Lenient, LenientModel, Text, Whole


class BriefDeploymentTarget(LenientModel):
    """Where the jobs of the deployment run: `PER_JOB` or `SESSION`, and the target's name."""

    mode: Text = ""
    name: Text = ""


class JobSummary(LenientModel):
    """How many jobs of the deployment are in each state."""

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
    """Whether its saved settings differ from those that its job runs with."""
    deployment_target: Lenient[BriefDeploymentTarget] = None
    job_summary: Lenient[JobSummary] = None
