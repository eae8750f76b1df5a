"""What is known of jobs is in memory for the jobs used last."""

from hottui.model.ref import JobRef
from hottui.monitor.job_cache import KnownJobs
from hottui.monitor.known_job import KnownJob


def test_only_some_jobs_are_in_memory() -> None:
    jobs = KnownJobs(capacity=2)
    for name in ("a", "b", "c"):
        jobs.put(KnownJob(JobRef("https://host", "ws", "team", name)))
        jobs.get(JobRef("https://host", "ws", "team", "a"))
    assert jobs.get(JobRef("https://host", "ws", "team", "b")) is None
    assert jobs.get(JobRef("https://host", "ws", "team", "a")) is not None
