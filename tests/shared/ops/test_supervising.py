"""Parts of a process: one that ends ends all, and each is let finish in its own way."""

import asyncio

import pytest

from shared.run.finishing import Finishing
from shared.run.supervising import EndedUnexpectedly, Part, supervise


async def for_ever() -> None:
    await asyncio.Event().wait()


async def broken() -> None:
    raise ZeroDivisionError("of no use any more")


async def returns() -> None:
    return


async def test_a_part_that_fails_ends_the_others_and_is_told() -> None:
    with pytest.raises(EndedUnexpectedly, match=r"broken has ended: .*of no use any more") as ended:
        await supervise([Part("good", for_ever), Part("broken", broken)], asyncio.Event())
    assert isinstance(ended.value.__cause__, ZeroDivisionError)


async def test_a_part_that_just_returns_is_missed_too() -> None:
    with pytest.raises(EndedUnexpectedly, match="quitter has ended"):
        await supervise([Part("quitter", returns), Part("good", for_ever)], asyncio.Event())


async def test_told_to_stop_parts_end_one_after_the_other_in_their_order() -> None:
    stop, told, order = asyncio.Event(), asyncio.Event(), list[str]()

    async def http() -> None:
        await told.wait()
        await asyncio.sleep(0)
        order.append("http finished")

    async def feed() -> None:
        try:
            await for_ever()
        finally:
            order.append("feed cancelled")

    running = asyncio.create_task(supervise([Part("http", http, told.set), Part("feed", feed)], stop))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    stop.set()
    await running
    assert order == ["http finished", "feed cancelled"]


async def test_work_that_was_begun_is_finished_when_nobody_waits_for_it_any_more() -> None:
    finishing, go_on, done = Finishing(), asyncio.Event(), list[str]()

    async def work() -> None:
        await go_on.wait()
        done.append("whole")

    waiting = asyncio.create_task(finishing.run(work()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    asyncio.get_running_loop().call_soon(go_on.set)
    await finishing.done()
    assert done == ["whole"]


async def test_work_that_takes_too_long_is_rolled_back() -> None:
    finishing, outcome = Finishing(), list[str]()

    async def work() -> None:
        try:
            await for_ever()
        except asyncio.CancelledError:
            outcome.append("rolled back")
            raise

    waiting = asyncio.create_task(finishing.run(work()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await finishing.done(within=0)
    assert outcome == ["rolled back"]
    with pytest.raises(asyncio.CancelledError):
        await waiting
