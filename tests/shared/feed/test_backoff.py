"""Resting: until it is time to stop, or somebody stops the one who rests."""

import asyncio

import pytest

from shared.feed.backoff import rest


@pytest.mark.parametrize("turns", range(4))
async def test_a_cancellation_is_not_lost_when_the_rest_ends_just_then(turns: int) -> None:
    """Whoever stops a loop that rests would wait for it for ever."""
    stopping = asyncio.Event()
    resting = asyncio.create_task(rest(stopping, 30))
    await asyncio.sleep(0)
    stopping.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    came_in_time = resting.cancel()
    await asyncio.wait({resting})
    assert resting.cancelled() == came_in_time
