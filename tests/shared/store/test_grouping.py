"""What is asked together goes out together, and the asker and the database work at the same time."""

import asyncio
from collections.abc import Sequence

from shared.store.grouping import Grouping


async def test_what_is_asked_while_a_statement_is_in_flight_goes_out_in_the_next() -> None:
    sent: list[Sequence[int]] = []

    async def run(items: Sequence[int]) -> Sequence[int]:
        sent.append(items)
        await asyncio.sleep(0)
        return [10 * item for item in items]

    grouping: Grouping[int, int] = Grouping(run)
    assert await asyncio.gather(*map(grouping.ask, range(3))) == [0, 10, 20]
    assert sent == [[0, 1, 2]]


async def test_a_full_group_leaves_before_those_who_were_answered_go_on() -> None:
    happened: list[str] = []

    async def run(items: Sequence[int]) -> Sequence[int]:
        happened.append(f"{items} leave")
        await asyncio.sleep(0)
        return items

    async def asker(number: int) -> None:
        await grouping.ask(number)
        happened.append(f"{number} goes on")

    grouping: Grouping[int, int] = Grouping(run, most=2)
    await asyncio.gather(*map(asker, range(4)))
    assert happened.index("[2, 3] leave") < happened.index("0 goes on") < happened.index("2 goes on")


async def test_two_that_share_a_key_never_share_a_group() -> None:
    sent: list[Sequence[str]] = []

    async def run(items: Sequence[str]) -> Sequence[str]:
        sent.append(items)
        return items

    grouping: Grouping[str, str] = Grouping(run, keys=lambda item: item[:1])
    await asyncio.gather(*map(grouping.ask, ("a1", "b1", "a2", "c1")))
    assert sent == [["a1", "b1", "c1"], ["a2"]]
