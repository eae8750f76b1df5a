"""Numbers with their units."""

from hottui.model.job import JobMetric
from hottui.render.units import metric_text


def test_measured_resources() -> None:
    large = JobMetric(total_cpu=2.5, total_memory_byte=12_345 * 1024**3)
    assert metric_text(large) == "2.5 cores, 12,345 GiB"
    assert metric_text(JobMetric(total_cpu=1.0)) == "1 core, ? GiB"
    assert metric_text(JobMetric()) == metric_text(None) == ""
