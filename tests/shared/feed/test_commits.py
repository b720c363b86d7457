"""A commit that came to nothing is no harm, and no noise."""

import asyncio
import gc
from typing import Any

import pytest
import structlog
from aiokafka import TopicPartition
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import IllegalGenerationError
from aiokafka.structs import OffsetAndMetadata

from shared.feed import commits
from shared.feed.commits import Commits
from tests.parts.waiting import becomes

OFFSETS = {TopicPartition("bank.events", 0): OffsetAndMetadata(1, "")}


class Silent:
    """A client whose broker answers when it is let, that the group has gone on without us."""

    group_id, generation, member_id, coordinator_id = "bank", 1, "one", 1

    def __init__(self) -> None:
        self.asked, self.answers, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def commit(self, offsets: Any) -> None:
        await asyncio.shield(GroupCoordinator._do_commit_offsets(self, None, offsets))

    async def _send_req(self, request: Any) -> Any:
        self.asked.set()
        await self.answers.wait()
        self.ended.set()
        raise IllegalGenerationError("bank")


async def test_what_is_left_is_told_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads on would be handed again what was done with."""
    monkeypatch.setattr(commits, "PAUSE", 0.3)
    told: list[Any] = []

    class Answering:
        async def commit(self, offsets: Any) -> None:
            told.append(offsets)

    consumer: Any = Answering()
    committing = Commits("bank")
    committing.add(consumer, OFFSETS)
    await becomes(lambda: told)
    newer = {place: OffsetAndMetadata(2, "") for place in OFFSETS}
    committing.add(consumer, newer)
    await committing.close()
    assert told == [OFFSETS, newer]


@pytest.mark.parametrize("is_closed", [False, True])
async def test_what_goes_on_after_it_was_given_up_is_heard_out(
    monkeypatch: pytest.MonkeyPatch, is_closed: bool
) -> None:
    never_retrieved: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: never_retrieved.append(context))
    monkeypatch.setattr(commits, "_SECONDS", 60 if is_closed else 0.05)
    consumer: Any = Silent()
    with structlog.testing.capture_logs() as lines:
        committing = Commits("bank")
        committing.add(consumer, OFFSETS)
        await consumer.asked.wait()
        if not is_closed:
            await becomes(lambda: lines)
        await committing.close()
        consumer.answers.set()
        await consumer.ended.wait()
        await asyncio.sleep(0)
        gc.collect()
    assert never_retrieved == []
    assert [line["event"] for line in lines] == ([] if is_closed else ["feed.not_committed"])
