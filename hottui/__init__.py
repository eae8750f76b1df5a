"""hottui: a terminal monitor for hot updates of Flink jobs on Alibaba Cloud Realtime Compute."""

__version__ = "0.1.0"
