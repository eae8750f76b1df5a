"""The plans of the demo's jobs, in shapes that the SQL planner produces.

Every shape is a function of the job's main parallelism. Operators and ids do not depend on it, so that plans before and
after a rescale can be compared.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from hottui.demo.plan_builder import BROADCAST, GLOBAL, HASH, REBALANCE, RESCALE, Sketch, Stream

Shape = Callable[[int], dict[str, Any]]

STATE = {"STATE_BACKEND": "512 mb"}
BIG_STATE = {"STATE_BACKEND": "2 gb"}


def _half(parallelism: int) -> int:
    return max(1, parallelism // 2)


def two_nodes(p: int) -> dict[str, Any]:
    """The vendor's example: a data generator and a black-hole sink."""
    plan = Sketch("datagen")
    plan.group("default", 1.13, "1 gb")
    plan.source("datagen_source", p).sink("blackhole_sink")
    return plan.document()


def clean_log(p: int) -> dict[str, Any]:
    """One chain from a log store to another, with fewer writers."""
    plan = Sketch("clean_log", 21)
    plan.group("default", 0.5, "768 mb")
    rows = plan.source("sls_access_log", p, limit=64).calc("ip, url, status, ts, JSON_VALUE(extra, '$.trace') AS trace")
    rows.then("WatermarkAssigner", "rowtime=[ts], watermark=[(ts - 5000:INTERVAL SECOND)]").calc(
        "ip, url, status"
    ).sink("access_log_clean", at=_half(p))
    return plan.document()


def orders_enrich(p: int) -> dict[str, Any]:
    """Orders with their payments (interval join), users (lookup) and shops (broadcast)."""
    plan = Sketch("orders_enrich", 101)
    plan.group("source", 0.5, "512 mb")
    plan.group("join", 2.0, "4 gb", off_heap="64 mb", managed=BIG_STATE)
    plan.group("sink", 0.5, "1 gb")
    orders = (
        plan.source("orders", 4, group="source", limit=16)
        .calc("order_id, user_id, shop_id, amount, created_at")
        .then("WatermarkAssigner", "rowtime=[created_at], watermark=[(created_at - 10000:INTERVAL SECOND)]")
    )
    payments = (
        plan.source("payments", 4, group="source", limit=16)
        .calc("pay_id, order_id, channel, paid_at")
        .then("WatermarkAssigner", "rowtime=[paid_at], watermark=[(paid_at - 10000:INTERVAL SECOND)]")
    )
    shops = plan.source("dim_shop", 1, group="source", limit=1).calc("shop_id, city, tier")
    paid = orders.join(payments, "order_id = order_id0", at=p, group="join", kind="IntervalJoin")
    known = paid.lookup("dim_user", "user_id=user_id").calc("order_id, user_id, shop_id, amount, channel, level")
    placed = known.join(shops, "shop_id = shop_id0", by=BROADCAST).calc("order_id, city, tier, level, amount, channel")
    placed.sink("dwd_orders_enriched", at=_half(p), group="sink")
    return plan.document()


def payments_agg(p: int) -> dict[str, Any]:
    """A two-phase aggregate over mini batches, and a second one on top of it."""
    plan = Sketch("payments_agg", 301)
    plan.group("default", 1.0, "2 gb", managed=STATE)
    paid = plan.source("payments_cdc", 4, limit=8).then("ChangelogNormalize", "key=[pay_id]", by=HASH, at=p)
    batched = paid.calc("pay_id, channel, currency, amount, DATE_FORMAT(paid_at, 'yyyyMMdd') AS day").then(
        "MiniBatchAssigner", "interval=[2000ms], mode=[ProcTime]"
    )
    by_channel = batched.two_phase(
        "GroupAggregate", "groupBy=[day, channel, currency], select=[SUM(amount), COUNT(DISTINCT pay_id)]", at=p
    )
    by_channel.sink("ads_payments_by_channel")
    total = by_channel.calc("day, amount").two_phase(
        "GroupAggregate", "groupBy=[day], select=[SUM(amount)]", at=_half(p)
    )
    total.sink("ads_payments_total", at=1)
    return plan.document()


def top_items(p: int) -> dict[str, Any]:
    """Window TVF, two-phase window aggregate, window top-n."""
    plan = Sketch("top_items", 501)
    plan.group("source", 0.5, "1 gb")
    plan.group("window", 1.5, "3 gb", managed=STATE)
    clicks = (
        plan.source("clicks", 8, group="source", limit=16)
        .then("WatermarkAssigner", "rowtime=[ts], watermark=[(ts - 4000:INTERVAL SECOND)]")
        .calc("item_id, user_id, ts")
    )
    hop = "window=[HOP(win_end=[$w], size=[10 min], slide=[1 min])], groupBy=[item_id], select=[COUNT(*) AS num]"
    counts = clicks.two_phase("WindowAggregate", hop, at=p, group="window").calc(
        "item_id, num, window_start, window_end"
    )
    rank = "window=[TUMBLE(win_start=[window_start], size=[10 min])], rankType=[ROW_NUMBER], rankRange=[1, 20]"
    top = counts.then("WindowRank", rank, by=HASH).calc("item_id, num, window_end")
    top.sink("ads_top_items", at=2)
    return plan.document()


def fraud_patterns(p: int) -> dict[str, Any]:
    """Events matched against a pattern, with rules broadcast to every subtask."""
    plan = Sketch("fraud", 701)
    plan.group("default", 1.0, "2 gb")
    plan.group("cep", 2.0, "4 gb", managed=BIG_STATE)
    events = (
        plan.source("risk_events", 6, limit=12)
        .calc("uid, device, amount, ts")
        .then("WatermarkAssigner", "rowtime=[ts], watermark=[(ts - 3000:INTERVAL SECOND)]")
    )
    rules = plan.source("risk_rules", 1, limit=1).calc("rule_id, threshold")
    ruled = events.join(rules, "amount > threshold", by=BROADCAST)
    matched = ruled.then("Match", "partitionBy=[uid], pattern=[(A{3,}, B)]", by=HASH, at=p, group="cep").calc(
        "uid, rule_id, first_ts, last_ts"
    )
    matched.sink("risk_alerts", at=1, by=GLOBAL)
    matched.calc("uid, rule_id").sink("risk_audit")
    return plan.document()


def shard_union(p: int) -> dict[str, Any]:
    """A union of four sharded databases, deduplicated, written to a lake and to a search index."""
    plan = Sketch("shards", 901)
    plan.group("default", 1.0, "2 gb", managed=STATE)
    shards = [
        plan.source(f"mysql_member_{number:02}", 1, limit=1).calc("id, name, phone, updated_at") for number in range(4)
    ]
    rows = shards[0].union(*shards[1:]).then("Deduplicate", "keep=[LastRow], key=[id], order=[PROCTIME]", by=HASH, at=p)
    rows.calc("id, name, phone").sink("dim_member_lake")
    rows.calc("id, name").sink("member_search", at=_half(p), by=RESCALE)
    return plan.document()


def statement_set(p: int) -> dict[str, Any]:
    """One scan shared by six INSERTs: counts by several keys and windows, raw rows, a late-row side output."""
    plan = Sketch("clickstream", 1_201)
    plan.group("source", 0.5, "1 gb")
    plan.group("agg", 1.0, "2 gb", managed=STATE)
    plan.group("sink", 0.25, "512 mb")
    scan = plan.source("app_events", 8, group="source", limit=48).calc("event, uid, page, item_id, city, ts")
    events = scan.then("WatermarkAssigner", "rowtime=[ts], watermark=[(ts - 10000:INTERVAL SECOND)]")
    events.sink("ods_app_events", group="sink")
    for key in ("page", "city", "event"):
        counts = events.calc(f"{key}, uid").two_phase(
            "GroupAggregate", f"groupBy=[{key}], select=[COUNT(*), COUNT(DISTINCT uid)]", at=p, group="agg"
        )
        counts.sink(f"ads_{key}_uv", at=2, group="sink")
    tumble = "window=[TUMBLE(win_end=[$w], size=[1 min])], groupBy=[item_id], select=[COUNT(*) AS num]"
    windows = events.calc("item_id, ts").two_phase("WindowAggregate", tumble, at=p, group="agg").calc("item_id, num")
    windows.sink("ads_item_minute", at=4, group="sink")
    windows.then("Rank", "strategy=[AppendFast], rankRange=[1, 100], orderBy=[num DESC]", by=GLOBAL).sink(
        "ads_item_hot"
    )
    return plan.document()


def _star(fact: Stream, plan: Sketch, dimensions: tuple[str, ...], p: int) -> Stream:
    """A fact stream joined with one dimension after another."""
    rows = fact
    for number, name in enumerate(dimensions):
        dimension = plan.source(f"dim_{name}", 2, group="source").calc(f"{name}_id, {name}_name")
        rows = rows.join(dimension, f"{name}_id = {name}_id0", at=p, group="join").calc(f"*, {name}_name")
        if number % 3 == 2:
            rows = rows.then("DropUpdateBefore")
    return rows


_STAR_GROUPS = (("source", 0.5, "1 gb", None), ("join", 2.0, "4 gb", BIG_STATE), ("agg", 1.0, "2 gb", STATE))


def star_join(p: int) -> dict[str, Any]:
    """A fact table with eight dimensions, aggregated at the end."""
    plan = Sketch("star", 2_001)
    for name, cpu, heap, managed in _STAR_GROUPS:
        plan.group(name, cpu, heap, managed=managed)
    fact = plan.source("store_sales", 16, group="source", limit=64).calc("item_id, store_id, customer_id, price, ts")
    names = ("item", "store", "customer", "promotion", "date", "household", "city", "warehouse")
    rows = _star(fact, plan, names, p)
    sums = rows.two_phase("GroupAggregate", "groupBy=[item_name, store_name], select=[SUM(price)]", at=p, group="agg")
    sums.then("Rank", "rankRange=[1, 50], partitionBy=[store_name], orderBy=[total DESC]", by=HASH).sink(
        "ads_store_top"
    )
    return plan.document()


def wide_report(p: int) -> dict[str, Any]:
    """About a hundred operators: three sales channels, each with a star join, returns, and five reports."""
    plan = Sketch("wide", 5_001)
    for name, cpu, heap, managed in _STAR_GROUPS:
        plan.group(name, cpu, heap, managed=managed)
    dimensions = ("item", "customer", "date", "promotion", "address")
    channels: list[Stream] = []
    for channel in ("store", "catalog", "web"):
        sold = plan.source(f"{channel}_sales", 16, group="source", limit=64).calc("item_id, customer_id, price, ts")
        back = plan.source(f"{channel}_returns", 4, group="source", limit=16).calc("item_id, order_id, amount")
        kept = sold.join(back, "order_id = order_id0", at=p, group="join").calc("item_id, customer_id, price, amount")
        rows = _star(kept, plan, dimensions, p)
        channels.append(rows.calc(f"'{channel}' AS channel, item_name, price, amount"))
        rows.calc("item_name, price").two_phase(
            "GroupAggregate", "groupBy=[item_name], select=[SUM(price)]", at=_half(p), group="agg"
        ).sink(f"ads_{channel}_items")
    every = channels[0].union(*channels[1:])
    for key in ("channel", "item_name", "promotion_name"):
        counts = every.then(
            "LocalGroupAggregate", f"groupBy=[{key}], select=[SUM(price)]", by=REBALANCE, at=p, group="agg"
        )
        counts.then("GlobalGroupAggregate", f"groupBy=[{key}], select=[SUM(price)]", by=HASH).sink(f"ads_by_{key}")
    return plan.document()


def store_sales_in_chinese(p: int) -> dict[str, Any]:
    """A star whose tables and operators have Chinese names, group included."""
    plan = Sketch("门店", 3_001)
    plan.group("数据源", 0.5, "1 gb")
    plan.group("关联与聚合", 2.0, "4 gb", managed={"type": "STATE_BACKEND", "size": "1 gb"})
    sales = plan.source("门店销售事实表", 8, group="数据源", limit=32).then("Calc", "字段=[商品编号, 门店编号, 金额]")
    stores = plan.source("门店维度表", 1, group="数据源", limit=1).then("Calc", "字段=[门店编号, 门店名称, 城市]")
    items = plan.source("商品维度表", 2, group="数据源", limit=2).then("Calc", "字段=[商品编号, 商品名称, 类目]")
    placed = sales.join(stores, "门店编号 = 门店编号0", at=p, group="关联与聚合")
    named = placed.join(items, "商品编号 = 商品编号0", at=p).then("Calc", "字段=[城市, 类目, 金额]")
    totals = named.two_phase("GroupAggregate", "分组=[城市, 类目], 汇总=[SUM(金额)]", at=_half(p))
    totals.sink("城市类目日报", at=2)
    return plan.document()


def feedback_loop(p: int) -> dict[str, Any]:
    """An invalid plan: a cycle, and an edge to a missing node."""
    document = payments_agg(p)
    nodes = [node["id"] for node in document["nodes"]]
    back = {"source": nodes[5], "target": nodes[2], "mode": "PIPELINED", "strategy": REBALANCE}
    nowhere = {"source": nodes[3], "target": nodes[-1] + 400, "mode": "PIPELINED", "strategy": HASH}
    return {**document, "edges": [*document["edges"], back, nowhere]}


SHAPES: Final[Mapping[str, Shape]] = {
    shape.__name__: shape
    for shape in (
        two_nodes, clean_log, orders_enrich, payments_agg, top_items, fraud_patterns, shard_union, statement_set,
        star_join, wide_report, store_sales_in_chinese, feedback_loop,
    )
}  # fmt: skip
