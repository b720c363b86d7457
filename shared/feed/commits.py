"""Offsets of what is done, told to Kafka beside the work: a hint for start-up and lag tools, for the marks say what is
done. Nothing waits for it, and one that fails is no harm.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

PAUSE: Final = 0.1
_SECONDS: Final = 5.0
_LAST: Final = 1.0

log = structlog.get_logger()


class Commits:
    def __init__(self, service: str) -> None:
        self._service = service
        self._offsets: dict[TopicPartition, OffsetAndMetadata] = {}
        self._committing: asyncio.Task[None] | None = None

    def add(self, consumer: AIOKafkaConsumer, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        self._offsets.update(offsets)
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit(consumer))

    async def close(self) -> None:
        """Tells what is left, if the broker answers at once. What was not told comes again to whoever reads on, and is
        dropped there.
        """
        if self._committing is None:
            return
        try:
            await asyncio.wait({self._committing}, timeout=_LAST)
        finally:
            self._committing.cancel()
            await asyncio.gather(self._committing, return_exceptions=True)

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        while self._offsets:
            offsets, self._offsets = self._offsets, {}
            try:
                async with asyncio.timeout(_SECONDS):
                    await consumer.commit(offsets)
            except (KafkaError, TimeoutError) as error:
                _hear_out()
                log.info("feed.not_committed", service=self._service, reason=repr(error))
            except asyncio.CancelledError:
                _hear_out()
                raise
            await asyncio.sleep(PAUSE)


def _hear_out() -> None:
    """The client shields its request from us: it goes on, and nobody would ask how it ended."""
    for task in asyncio.all_tasks():
        if getattr(task.get_coro(), "cr_code", None) is GroupCoordinator._do_commit_offsets.__code__:
            task.add_done_callback(_ended)


def _ended(request: "asyncio.Task[Any]") -> None:
    if not request.cancelled():
        request.exception()
