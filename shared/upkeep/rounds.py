"""Comparing for as long as the process runs: what is new in every round, and everything again in small steps."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from typing import Final

import structlog
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.feed.backoff import rest
from shared.store.database import Database, is_transient
from shared.store.store import EventStore
from shared.telemetry import metrics
from shared.upkeep.differences import Kind
from shared.upkeep.reading import NoTopic, Reading, reading
from shared.upkeep.reconciliation import Reconciliation, TooFewPartitions

KINDS: Final[tuple[Kind, ...]] = ("lost", "doubled", "altered", "misplaced", "foreign")
_STATE = "select partitions, mark from relay"

log = structlog.get_logger()


class NotRelayed(Exception):
    """There is no topic yet to speak of."""


class Rounds:
    """`trouble` says in words why nothing is compared. What the second look has found when it has come to the end is
    the truth: it goes on as the first, and another second one begins. `step` is how many facts it takes in a round.
    """

    def __init__(
        self,
        database: Database,
        store: EventStore,
        broker: KafkaBroker,
        topic: str,
        after: int,
        pause: float,
        step: int = 20_000,
    ) -> None:
        self._database, self._store, self._broker, self._topic = database, store, broker, topic
        self._after, self._pause, self._step = after, pause, step
        self._stopping = asyncio.Event()
        self._told: Counter[str] = Counter()
        self.trouble: str | None = "the first round is not done"

    def stop(self) -> None:
        self._stopping.set()

    async def check(self) -> str | None:
        return self.trouble

    async def run(self) -> None:
        """An outage, and a topic or relay that is not there yet, are waited out; then it begins from the start."""
        while not self._stopping.is_set():
            try:
                await self._rounds()
            except (KafkaError, NotRelayed, NoTopic, OSError, TooFewPartitions) as error:
                self._later(error)
            except Exception as error:
                if not is_transient(error):
                    raise
                self._later(error)
            await rest(self._stopping, self._pause)

    async def _rounds(self) -> None:
        async with AsyncExitStack() as opened:
            first, second = await self._look(opened), await self._look(opened)
            while not self._stopping.is_set():
                partitions, mark = await self._state()
                if partitions != first.partitions:
                    return
                await first.advance(mark)
                await second.advance(min(second.reached + self._step, first.reached))
                self._show(await first.counts() | await second.counts(), first.reached)
                if second.reached == first.reached:
                    first, second = second, first
                    await second.restart()
                await rest(self._stopping, self._pause)

    async def _look(self, opened: AsyncExitStack) -> "_Look":
        found = await opened.enter_async_context(reading(self._broker, self._topic))
        partitions, _ = await self._state()
        look = _Look(self._store, found, partitions, self._after)
        await look.restart()
        return look

    async def _state(self) -> tuple[int, int]:
        async with self._database.driver() as driver:
            if (row := await driver.fetchrow(_STATE)) is None:
                raise NotRelayed(f"nothing has been relayed yet to {self._topic}")
        return row["partitions"], row["mark"]

    def _show(self, counts: Counter[str], reached: int) -> None:
        self.trouble = None
        metrics.RECONCILE_POSITION.labels(self._store.source).set(reached)
        for kind in KINDS:
            metrics.RECONCILE_DIFFERING.labels(self._store.source, kind).set(counts[kind])
        if counts != self._told:
            log.error("reconcile.differs", service=self._store.source, topic=self._topic, **counts)
            self._told = counts

    def _later(self, error: Exception) -> None:
        self.trouble = f"store and topic cannot be compared: {error!r}"
        log.warning("reconcile.begins_again", service=self._store.source, reason=repr(error))


class _Look:
    def __init__(self, store: EventStore, found: Reading, partitions: int, after: int) -> None:
        self.partitions = partitions
        self._store, self._found, self._after = store, found, after
        self._reconciliation: Reconciliation

    async def restart(self) -> None:
        for number, begin in enumerate(self._found.begins):
            self._found.seek(number, begin)
        self._reconciliation = Reconciliation(self._store, self._found, self.partitions, self._after)
        await self._reconciliation.begin()

    @property
    def reached(self) -> int:
        return self._reconciliation.reached

    async def advance(self, upto: int) -> None:
        await self._found.ask_ends()
        await self._reconciliation.advance(upto)

    async def counts(self) -> Counter[str]:
        return (await self._reconciliation.report()).counts
