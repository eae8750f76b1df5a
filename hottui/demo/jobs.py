"""The demo's predefined jobs and hot updates.

The first ones change while the demo runs; the others are finished. Seconds count from the start of the simulation.
"""

from typing import Final

from hottui.demo.flink_confs import INTERVAL, MIN_PAUSE, TIMEOUT
from hottui.demo.job_types import (
    ChangedLater,
    Failed,
    HotUpdate,
    Job,
    JobFails,
    Namespace,
    Outcome,
    PlanEncoding,
    Setting,
)
from hottui.demo.lifecycle import DAY, HOUR, MINUTE, Lifecycle, finished, ongoing
from hottui.model.state import FAILED, HOT_UPDATING, INIT

PROD: Final = Namespace("a14bd0f3c95e47", "default-namespace")
RISK: Final = Namespace("a14bd0f3c95e47", "risk-control")
REPORTS: Final = Namespace("e60f7729c1d84b", "reports-prod")
STAGING: Final = Namespace("c72e9b15a04d36", "staging")

ORDERS = Job(
    "orders-enrich", PROD, Setting.EXPERT, "orders_enrich", conf_keys=24, secrets=2, autopilot=250, scheduled=3
)
PAYMENTS = Job(
    "payments-agg", PROD, Setting.EXPERT, "payments_agg", PlanEncoding.ONCE, conf_keys=18, health=71, autopilot=6
)
CLICKS = Job(
    "clickstream",
    PROD,
    Setting.EXPERT,
    "statement_set",
    conf_keys=31,
    secrets=1,
    engine="vvr-11.1-flink-1.20",
    health=64,
    autopilot=3,
    scheduled=14,
)
TOP_ITEMS = Job("top-items", PROD, Setting.EXPERT, "top_items", PlanEncoding.OBJECT, conf_keys=14)
FRAUD = Job(
    "fraud-patterns",
    RISK,
    Setting.EXPERT,
    "fraud_patterns",
    PlanEncoding.ONCE,
    conf_keys=40,
    secrets=5,
    engine="vvr-11.1-flink-1.20",
    health=22,
)
MEMBERS = Job("member-sync", PROD, Setting.EXPERT, "shard_union", conf_keys=20, secrets=3, health=8)
STORE_TOP = Job("store-top", REPORTS, Setting.EXPERT, "star_join", PlanEncoding.ONCE, conf_keys=22, autopilot=9)
WIDE = Job("sales-report", REPORTS, Setting.EXPERT, "wide_report", conf_keys=36, secrets=1)
CHINESE = Job("city-daily", REPORTS, Setting.EXPERT, "store_sales_in_chinese", conf_keys=17)
LOOPED = Job("payments-agg-lab", STAGING, Setting.EXPERT, "feedback_loop", PlanEncoding.OBJECT, conf_keys=12)
CUT = Job("catalog-sync", STAGING, Setting.EXPERT, "orders_enrich", PlanEncoding.CUT, conf_keys=13)
LOGS = Job("access-log-clean", PROD, Setting.EXPERT, "clean_log", conf_keys=11)
DATAGEN = Job("datagen-smoke", STAGING, Setting.EXPERT, "two_nodes", conf_keys=10)
CHECKOUT = Job("checkout-funnel", PROD, conf_keys=19, cpu=2.0, memory="8 GiB", scheduled=30)
INVENTORY = Job("inventory-cdc", PROD, conf_keys=15, secrets=1)
COUPONS = Job("coupon-usage", PROD, conf_keys=12, health=100)
DEVICE = Job("device-profile", RISK, conf_keys=27, secrets=2, cpu=0.5, memory="2 GiB")
LOGIN = Job("login-guard", RISK, conf_keys=16, engine="vvr-6.0.7-flink-1.15", health=58)
COMPACT = Job("lake-compaction", REPORTS, Setting.BATCH, conf_keys=21, cpu=4.0, memory="16 GiB")
BACKFILL = Job("orders-backfill", REPORTS, Setting.BATCH, conf_keys=14, ended=-1.9 * DAY)
BARE = Job("legacy-export", STAGING, Setting.BARE)
LEDGER = Job("ledger-settle", Namespace("d09c4ae8127f53", "finance"), conf_keys=18)

NO_SLOTS = Failed(
    "ResourceNotEnough",
    "Could not acquire the minimum required resources: 24 of 64 slots are free in resource queue default-queue. "
    "Free resources or ask for a lower parallelism.",
)
OUT_OF_RANGE = Failed(
    "ParallelismOutOfRange",
    "Parallelism 24 is above the largest that operator 'Source: clicks[1]' takes (16 partitions).",
)
RESTORE = Failed(
    "JobRestoreFailed",
    "org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy\n"
    "\tat org.apache.flink.runtime.executiongraph.failover.ExecutionFailureHandler.handleFailure"
    "(ExecutionFailureHandler.java:180)\n"
    "\tat org.apache.flink.runtime.scheduler.DefaultScheduler.handleTaskFailure(DefaultScheduler.java:279)\n"
    "Caused by: java.lang.IllegalStateException: Max parallelism mismatch between checkpoint and current topology\n"
    "\tat org.apache.flink.runtime.checkpoint.Checkpoints.loadAndValidateCheckpoint(Checkpoints.java:212)\n"
    "\t... 14 more",
    "CRITICAL",
)
OUT_OF_MEMORY = Failed(
    "JobTaskFailed",
    "org.apache.flink.runtime.JobException: Recovery is suppressed by FixedDelayRestartBackoffTimeStrategy\n"
    "\tat org.apache.flink.runtime.executiongraph.failover.ExecutionFailureHandler.handleFailure"
    "(ExecutionFailureHandler.java:176)\n"
    "Caused by: java.lang.OutOfMemoryError: Java heap space\n"
    "\tat java.base/java.util.Arrays.copyOf(Arrays.java:3745)\n"
    "\t... 9 more",
    "CRITICAL",
)
HOSTILE = Failed(
    "UserCodeException",
    "\x1b[2J\x1b]0;owned\x07[bold red]all is well[/] \u202egnirts desrever\u202c \x1b[31mred\x1b[0m\r\n"
    "[link=https://example.invalid]open[/link] at [@click=app.quit]quit[/] 100 % {0} \x00 end",
    "LOW",
)
TIMED_OUT = Failed("HotUpdateTimeout", "The job did not report RUNNING within 60000 ms after the update.", "CRITICAL")

_NOW: Final = (
    HotUpdate(
        ORDERS, ongoing(init=-9, updating=-5, ends=4.5), "orders-enrich", "evening peak, watch the lag", rescale=(4, 10)
    ),
    HotUpdate(
        CHECKOUT, ongoing(init=-4, updating=-1, ends=11), "checkout-fix", "checkpoints too close together",
        conf={INTERVAL: ("30s", "180s"), MIN_PAUSE: ("10s", "60s")},
    ),
    HotUpdate(
        CLICKS, ongoing(init=-2, updating=8, ends=26, end=FAILED), "rescale-friday", "queue was nearly full last time",
        rescale=(8, 64), failed=NO_SLOTS,
    ),
    HotUpdate(STORE_TOP, ongoing(init=-20, updating=-12, ends=55), "store-top ×2", rescale=(16, 32),
              outcome=Outcome.PARTIAL),
    HotUpdate(
        DEVICE, ongoing(init=-3, updating=40, ends=105), "device-profile", "waits for the savepoint", rescale=(6, 12)
    ),
    HotUpdate(
        WIDE, ongoing(init=-340, updating=-330, ends=25 * MINUTE), "quarter-report",
        "huge state: may take half an hour",
        conf={TIMEOUT: ("10min", "60min")}, parallelism=48,
    ),
    HotUpdate(
        LOGIN, Lifecycle(((-40, INIT), (-31, HOT_UPDATING), (-12, "ROLLING_BACK"), (7 * MINUTE, FAILED))),
        "login-guard", "a state the manual does not list", rescale=(2, 8), failed=TIMED_OUT,
    ),
    HotUpdate(INVENTORY, ongoing(init=15, updating=19, ends=37), "inventory ×3", "the service knew it only later",
              rescale=(4, 12), added=-1),
    HotUpdate(COUPONS, Lifecycle(((-50, INIT), (-44, HOT_UPDATING)), gone=33), "coupon-test", "its job will be deleted",
              rescale=(2, 4)),
    HotUpdate(LEDGER, finished(ended=-3 * HOUR, took=20), "ledger", "finance's: ask them for access", rescale=(4, 8),
              denied=True),
)  # fmt: skip

_TODAY: Final = (
    HotUpdate(ORDERS, finished(ended=-3 * HOUR, took=31), "orders-enrich noon", "the step before ×10", rescale=(2, 4)),
    HotUpdate(CHINESE, finished(ended=-6 * MINUTE, took=17), "城市日报 提频", "检查点间隔改为一分钟",
              conf={INTERVAL: ("180s", "60s")}, parallelism=12, keeps_old_values=True, outcome=Outcome.NONE),
    HotUpdate(PAYMENTS, finished(ended=-11 * MINUTE, took=44), "payments-agg", rescale=(8, 16), keeps_old_values=True,
              outcome=Outcome.PARTIAL),
    HotUpdate(PAYMENTS, finished(ended=-2 * DAY, took=29), "payments-agg first", rescale=(4, 8), keeps_old_values=True),
    HotUpdate(FRAUD, finished(ended=-19 * MINUTE, took=52, end=FAILED), "fraud cep ×32",
              "needs a look before the weekend", rescale=(8, 32), failed=RESTORE,
              then=JobFails(-19 * MINUTE, RESTORE, "Match(partitionBy=[uid]) -> Sink: risk_audit (3/32)")),
    HotUpdate(TOP_ITEMS, finished(ended=-26 * MINUTE, took=8, end=FAILED), "top-items", rescale=(12, 24),
              failed=OUT_OF_RANGE),
    HotUpdate(CUT, finished(ended=-33 * MINUTE, took=13), "catalog-sync", "the plan is truncated", rescale=(4, 6)),
    HotUpdate(LOOPED, finished(ended=-48 * MINUTE, took=9), "lab: loop in the plan", rescale=(4, 8)),
    HotUpdate(MEMBERS, finished(ended=-70 * MINUTE, took=36), "member-sync", "after the shard split", rescale=(8, 16),
              then=JobFails(-52 * MINUTE, OUT_OF_MEMORY, "Source: mysql_member_02 -> Calc(select=[id]) (1/1)")),
    HotUpdate(DEVICE, finished(ended=-95 * MINUTE, took=6, end=FAILED), failed=HOSTILE,
              conf={"pipeline.object-reuse": (True, False)}),
    HotUpdate(CLICKS, finished(ended=-4 * HOUR, took=41), "clickstream wed", rescale=(4, 8)),
    HotUpdate(DATAGEN, finished(ended=-5 * HOUR, took=5), "smoke", "two nodes, the vendor's example", rescale=(4, 10),
              keeps_old_values=True),
    HotUpdate(COMPACT, finished(ended=-5.5 * HOUR, took=58), "compaction slots", rescale=(32, 64)),
    HotUpdate(LOGS, finished(ended=-7 * HOUR, took=12), "access-log", rescale=(16, 24),
              then=ChangedLater(-40 * MINUTE, "li.na", 20)),
    HotUpdate(CHECKOUT, finished(ended=-8 * HOUR, took=10), "checkout before", conf={INTERVAL: ("180s", "30s")}),
)  # fmt: skip

_BEFORE: Final = (
    HotUpdate(STORE_TOP, finished(ended=-1 * DAY, took=49), "store-top ×1", rescale=(8, 16)),
    HotUpdate(WIDE, finished(ended=-1.2 * DAY, took=55), "quarter-report prep", conf={MIN_PAUSE: ("180s", "5min")},
              parallelism=48),
    HotUpdate(FRAUD, finished(ended=-1.5 * DAY, took=33), "fraud cep ×8", rescale=(4, 8)),
    HotUpdate(LOGIN, finished(ended=-1.6 * DAY, took=60, end=FAILED), "login-guard night", rescale=(2, 6),
              failed=TIMED_OUT),
    HotUpdate(BACKFILL, finished(ended=-2 * DAY, took=22), "backfill", "batch: slots only", rescale=(16, 48)),
    HotUpdate(INVENTORY, finished(ended=-2.4 * DAY, took=15), "inventory", conf={TIMEOUT: ("10min", "20min")}),
    HotUpdate(COUPONS, finished(ended=-3 * DAY, took=7), rescale=(1, 2)),
    HotUpdate(BARE, finished(ended=-3.1 * DAY, took=5), "legacy-export", "an almost empty answer"),
    HotUpdate(MEMBERS, finished(ended=-3.3 * DAY, took=42), "member-sync small", rescale=(4, 8)),
    HotUpdate(CHINESE, finished(ended=-4 * DAY, took=21), "城市日报", rescale=(6, 12)),
    HotUpdate(TOP_ITEMS, finished(ended=-4.5 * DAY, took=27), "top-items ×12", rescale=(6, 12)),
    HotUpdate(LOGS, finished(ended=-5 * DAY, took=9), conf={INTERVAL: ("60s", "180s"), TIMEOUT: ("5min", "10min"),
              MIN_PAUSE: ("30s", "60s")}, parallelism=16),
    HotUpdate(DEVICE, finished(ended=-6 * DAY, took=18), "device-profile ×6", rescale=(3, 6)),
    HotUpdate(DATAGEN, finished(ended=-6.2 * DAY, took=5), conf={"test": ("test", "test"), "test2": (0, 1)},
              parallelism=1),
    HotUpdate(COMPACT, finished(ended=-6.5 * DAY, took=40, end=FAILED), "compaction",
              rescale=(32, 512), failed=NO_SLOTS),
)  # fmt: skip

DEMO_UPDATES: Final[tuple[HotUpdate, ...]] = (*_NOW, *_TODAY, *_BEFORE)
_ENDED = {BACKFILL, COUPONS, *(update.job for update in DEMO_UPDATES if isinstance(update.then, JobFails))}
JOBS: Final[tuple[Job, ...]] = tuple(
    dict.fromkeys(update.job for update in DEMO_UPDATES if not update.denied and update.job not in _ENDED)
)
"""The jobs that keep running: new hot updates are of these."""
RESULTS_ONLY: Final = STAGING.workspace
"""The workspace where the demo's key may read results and nothing else."""
FAILURES: Final = (NO_SLOTS, RESTORE, TIMED_OUT)
