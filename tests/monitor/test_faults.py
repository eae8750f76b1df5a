"""How the loop handles every kind of failure, in virtual time."""

import asyncio
import json
from collections import Counter
from email.utils import formatdate
from itertools import count

import httpx
import pytest

from hottui.model.state import HOT_UPDATED, HOT_UPDATING, Freshness
from tests.monitor.bench import Bench, bench, until
from tests.monitor.virtual import virtual, virtual_loop


def reply(status: int, body: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, stream=httpx.ByteStream(body.encode()), headers=headers)


def gateway(status: int, code: str, headers: dict[str, str] | None = None) -> httpx.Response:
    body = {"Code": code, "Message": f"{code} it is", "RequestId": "R-1", "HostId": "here"}
    return reply(status, json.dumps(body), headers)


async def watching(b: Bench, *names: str) -> None:
    b.monitor.track(b.script(HOT_UPDATING, *(names or ("one",))))
    await until(lambda: b.snapshots and all(each.freshness is Freshness.LIVE for each in b.last.tracked))


@virtual
async def test_clock_skew_is_compensated_and_reported() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall, behind=3600.0) as b:
        b.world.states["one"] = HOT_UPDATING
        b.monitor.track([b.ref("one")])
        await until(lambda: b.snapshots and b.of("one").freshness is Freshness.LIVE)
        await asyncio.sleep(1)
        assert b.last.loop.clock_offset == pytest.approx(3600, abs=2)
        assert b.last.loop.holds == ()


@virtual
async def test_reads_repeated_after_clock_skew_count_toward_the_rate() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall, behind=3600.0) as b:
        names = [f"id{number}" for number in range(40)]
        b.monitor.track(b.script(HOT_UPDATED, *names))
        await until(lambda: all(b.of(name).freshness is Freshness.LIVE for name in names))
        assert b.network.most_in_a_second <= 10
        assert max(b.network.by_id.values()) <= 3, "at most rejected, repeated and confirmed"
        assert all(picture.loop.holds == () for picture in b.snapshots), "a transient error is not a hold"


@virtual
async def test_contradictory_clocks_do_not_cause_endless_retries() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        turns = count()

        def instead(_: httpx.Request) -> httpx.Response:
            date = formatdate(loop.wall() + 3600 * (next(turns) % 7 + 1), usegmt=True)
            return gateway(400, "InvalidTimeStamp.Expired", {"date": date})

        b.network.instead = instead
        b.monitor.track(b.script(HOT_UPDATING, "one"))
        await asyncio.sleep(300)
        assert b.of("one").freshness is Freshness.DENIED
        assert len(b.network.times) <= 20


@virtual
async def test_the_last_answer_stays_without_network_and_polling_recovers() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        await watching(b, *(f"id{number}" for number in range(20)))
        b.network.up = False
        await asyncio.sleep(3600)
        one = b.of("id3")
        assert one.freshness is Freshness.STALE
        assert one.state == HOT_UPDATING
        assert one.trouble is not None
        assert one.trouble.message
        b.network.up = True
        back = loop.time()
        await asyncio.sleep(65)
        assert all(each.freshness is Freshness.LIVE and each.trouble is None for each in b.last.tracked)
        assert max(b.network.between(at, at + 0.999) for at in b.network.times if at >= back) <= 10


@pytest.mark.parametrize(
    ("status", "code"), [(500, "InternalError"), (503, "ServiceUnavailable"), (502, "BadGateway"), (404, "Odd")]
)
@virtual
async def test_any_other_error_keeps_the_last_answer_and_backs_off(status: int, code: str) -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        await watching(b)
        b.network.instead = lambda request: gateway(status, code)
        start = loop.time()
        await asyncio.sleep(600)
        assert b.of("one").freshness in (Freshness.STALE, Freshness.GONE)
        assert b.of("one").state == HOT_UPDATING
        assert 8 <= b.network.between(start, start + 600) <= 60


@pytest.mark.parametrize("body", ["<html>sign in</html>", "{", '{"success": "perhaps"}', "[]", '{"success": true}'])
@virtual
async def test_an_invalid_answer_keeps_the_last_good_one(body: str) -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        await watching(b)
        b.network.instead = lambda request: reply(200, body)
        await asyncio.sleep(60)
        assert b.of("one").freshness is Freshness.STALE
        assert b.of("one").state == HOT_UPDATING
        assert b.of("one").trouble is not None
        b.network.instead = lambda request: None
        await asyncio.sleep(65)
        assert b.of("one").freshness is Freshness.LIVE


@virtual
async def test_a_late_id_is_found_soon() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        b.monitor.track([b.ref("late")])
        await asyncio.sleep(1)
        assert b.of("late").freshness is Freshness.GONE
        b.script(HOT_UPDATING, "late")
        await asyncio.sleep(2.5)
        assert b.of("late").freshness is Freshness.LIVE
        assert b.of("late").trouble is None


@virtual
async def test_a_missing_id_is_polled_rarely() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        b.monitor.track([b.ref("never")])
        await asyncio.sleep(70)
        asked = b.network.by_id["never"]
        await asyncio.sleep(24 * 3600)
        assert b.network.by_id["never"] - asked < 40
        b.script(HOT_UPDATED, "never")
        b.monitor.refresh()
        await asyncio.sleep(1)
        assert b.of("never").state == HOT_UPDATED


@pytest.mark.parametrize("hint", [{"retry-after": "20"}, {"x-acs-retry-after": "20000"}])
@virtual
async def test_a_throttled_account_waits_for_the_retry_after_time(hint: dict[str, str]) -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        await watching(b, *(f"id{number}" for number in range(10)))
        b.network.instead = lambda request: gateway(429, "Throttling.User", hint)
        await asyncio.sleep(1)
        last = b.network.times[-1]
        (slow,) = b.last.loop.slowed
        assert "retry after 20 s" in slow.message
        assert slow.until - slow.since >= 20
        assert {each.freshness for each in b.last.tracked} == {Freshness.LIVE}, "no row changes"
        b.network.instead = lambda request: None
        await asyncio.sleep(60)
        assert b.last.loop.slowed == ()
        following = [at for at in b.network.times if at > last]
        assert following[0] - last >= 19.9
        assert following[10] - following[0] > 1.5, "half the rate"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "SignatureDoesNotMatch"),
        (404, "InvalidAccessKeyId.NotFound"),
        (400, "InvalidSecurityToken.Expired"),
    ],
)
@virtual
async def test_a_rejected_account_is_held_and_probed_slowly(status: int, code: str) -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        await watching(b, *(f"id{number}" for number in range(30)))
        b.network.instead = lambda request: gateway(status, code)
        await asyncio.sleep(3)
        (hold,) = b.last.loop.holds
        assert hold.message
        assert hold.hint
        start = loop.time()
        await asyncio.sleep(600)
        assert b.network.between(start, start + 600) <= 13
        assert b.last.loop.holds == (hold,) or b.last.loop.holds[0].since == hold.since
        assert {each.freshness for each in b.last.tracked} == {Freshness.DENIED}
        assert {each.state for each in b.last.tracked} == {HOT_UPDATING}
        b.network.instead = lambda request: None
        b.monitor.refresh(b.ref("id7"))
        await asyncio.sleep(5)
        assert b.last.loop.holds == ()
        assert {each.freshness for each in b.last.tracked} == {Freshness.LIVE}


@virtual
async def test_a_denied_namespace_is_held_and_probed_slowly() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        await watching(b, *(f"id{number}" for number in range(30)))
        b.world.closed.add("team")
        await asyncio.sleep(3)
        (hold,) = b.last.loop.holds
        assert hold.namespace == "team"
        assert hold.hint
        denied = [each for each in b.last.tracked if each.freshness is Freshness.DENIED]
        assert len(denied) < 12, "only the forced reads"
        assert {each.freshness for each in b.last.tracked} == {Freshness.DENIED, Freshness.LIVE}
        assert {each.state for each in b.last.tracked} == {HOT_UPDATING}
        assert b.last.loop.held == {each.ref for each in b.last.tracked}
        start = loop.time()
        await asyncio.sleep(600)
        assert b.network.between(start, start + 600) <= 13
        assert b.last.loop.holds[0].since == hold.since
        b.world.closed.clear()
        b.monitor.refresh(b.ref("id7"))
        await asyncio.sleep(6)
        assert b.last.loop.holds == ()
        assert {each.freshness for each in b.last.tracked} == {Freshness.LIVE}


@pytest.mark.parametrize("count", [1, 2, 5])
@virtual
async def test_denied_ids_do_not_affect_others_in_their_namespace(count: int) -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        denied = {f"no{number}" for number in range(count)}
        good = [f"id{number}" for number in range(40)]

        def instead(request: httpx.Request) -> httpx.Response | None:
            return gateway(403, "Forbidden.RAM") if request.url.path.rpartition("/")[2] in denied else None

        b.network.instead = instead
        await watching(b, *good)
        b.monitor.track(b.script(HOT_UPDATING, *denied))
        asked = Counter(b.network.by_id)
        await asyncio.sleep(120)
        for each in b.last.tracked:
            assert each.freshness is (Freshness.DENIED if each.ref.id in denied else Freshness.LIVE)
        assert b.last.loop.holds == (), "only these rows are denied"
        for name in good:
            assert b.network.by_id[name] - asked[name] >= 20
        for name in denied:
            assert b.network.by_id[name] <= 5


@virtual
async def test_hanging_ids_are_reported_and_others_stay_live() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        hanging, good = [f"hang{number}" for number in range(36)], [f"id{number}" for number in range(10)]
        b.network.hanging.update(hanging)
        b.monitor.track([*b.script(HOT_UPDATING, *hanging), *b.script(HOT_UPDATING, *good)])
        await asyncio.sleep(30)
        asked = Counter(b.network.by_id)
        await asyncio.sleep(90)
        for name in good:
            assert b.of(name).freshness is Freshness.LIVE
            assert b.network.by_id[name] - asked[name] >= 40, "about every two seconds"
        for name in hanging:
            each = b.of(name)
            assert each.freshness is Freshness.STALE
            assert each.trouble is not None
            assert each.trouble.cause == "timeout"
        assert b.last.loop.period == pytest.approx(2.0, abs=0.3)
        b.network.hanging.clear()
        await asyncio.sleep(90)
        assert {each.freshness for each in b.last.tracked} == {Freshness.LIVE}


@virtual
async def test_a_denied_namespace_does_not_affect_others() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        await watching(b, "open")
        b.world.closed.add("closed")
        b.world.states["shut"] = HOT_UPDATING
        b.monitor.track([b.ref("shut", "closed")])
        asked = b.network.by_id["open"]
        await asyncio.sleep(120)
        assert b.of("shut").freshness is Freshness.DENIED
        assert b.of("open").freshness is Freshness.LIVE
        assert b.network.by_id["open"] - asked > 50
        assert b.network.by_id["shut"] < 8
        b.monitor.untrack(b.ref("shut", "closed"))
        await asyncio.sleep(1)
        assert b.last.loop.holds == ()


@virtual
async def test_polling_resumes_after_a_suspend_without_a_burst() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        await watching(b, *(f"id{number}" for number in range(15)))
        b.network.up = False
        await asyncio.sleep(300)
        assert {each.freshness for each in b.last.tracked} == {Freshness.STALE}
        loop.sleep_machine(8 * 3600)
        b.network.up = True
        await asyncio.sleep(6)
        assert {each.freshness for each in b.last.tracked} == {Freshness.LIVE}
        assert b.network.most_in_a_second <= 10


@virtual
async def test_a_suspend_ends_backoffs() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        await watching(b)
        for _ in range(6):
            b.network.up = False
            await asyncio.sleep(300)
            asked = len(b.network.times)
            await until(lambda asked=asked: len(b.network.times) > asked, 61)  # type: ignore[misc]
            await asyncio.sleep(0.1)
            b.network.up = True
            loop.sleep_machine(3600)
            await asyncio.sleep(6)
            assert b.of("one").freshness is Freshness.LIVE


@virtual
async def test_a_read_interrupted_by_a_suspend_is_not_a_failure() -> None:
    loop = virtual_loop()
    async with bench(clock=loop.wall) as b:
        await watching(b, "one", "two")
        b.network.hangs = True
        await asyncio.sleep(3)
        published = len(b.snapshots)
        b.network.hangs = False
        loop.stop_process(3600)
        await asyncio.sleep(3)
        assert all(each.freshness is Freshness.LIVE for shot in b.snapshots[published:] for each in shot.tracked)
        assert loop.wall() - (b.of("one").seen or 0) < 3
        assert b.network.most_in_a_second <= 10
