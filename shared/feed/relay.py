"""The relay: what is in a service's store goes out to its topic, whole and in order.

One per service leads, the one that holds a session lock. To lose that connection costs repeats, never a hole.
"""

import asyncio
import gc
import time
from collections.abc import Callable
from typing import Final

import structlog
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.core.event import topic_of
from shared.feed import lead as leading
from shared.feed.ahead import Ahead
from shared.feed.backoff import Backoff, rest
from shared.feed.broker import abandon, producer_of
from shared.feed.cloudevents import Writer
from shared.feed.comparison import Comparison, Differs
from shared.feed.lead import Lead
from shared.feed.news import News
from shared.feed.outlet import Outlet, Round
from shared.feed.together import together
from shared.store.database import Database, Driver, is_transient
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from shared.telemetry import metrics

_READS: Final = 3  # in a round: larger ones cost the broker and the mark less, smaller ones arrive sooner
# Seconds from round to round when facts drop in one by one: more rounds cost the broker, the workers and their database
# what they would need to be quick, and who waits for a fact gains nothing.
_APART: Final = 0.01

log = structlog.get_logger()


class Relay:
    """`trouble` says in words why it is not ready; None when all is sent as it should be, or when it stands by."""

    def __init__(
        self,
        database: Database,
        store: EventStore,
        wakeup: Wakeup,
        make_broker: Callable[[], KafkaBroker],
        *,
        topic: str | None = None,
        poll: float = 0.5,
        patience: float = 10.0,
        look_again: float = 30.0,
        facts: int = 1000,
    ) -> None:
        self.service = store.source
        self.trouble: str | None = None
        self.leads = False
        self._database, self._store, self._make_broker = database, store, make_broker
        self._topic = topic or topic_of(store.source)
        self._poll, self._patience, self._look_again, self._facts = poll, patience, look_again, facts
        self._stopping = asyncio.Event()
        self._news = News([wakeup], poll)
        self._backoff = Backoff()
        self._oldest: int | None = None

    def stop(self) -> None:
        """What is on its way is sent and marked; then `run` returns."""
        self._stopping.set()
        self._news.ring()

    def lag(self) -> float:
        """The age in seconds of the oldest fact not yet on the topic; 0 where another relay leads."""
        return time.time() - self._oldest / 1_000_000 if self._oldest else 0.0

    async def run(self) -> None:
        metrics.RELAY_LAG_SECONDS.labels(self.service).set_function(self.lag)
        async with self._news:
            while not self._stopping.is_set():
                await rest(self._stopping, await self._term())

    async def _term(self) -> float:
        """One time in office. Whatever ends it, the answer is the same: let go of all, begin again at the mark."""
        try:
            async with leading.elected(self._database, self._stopping, self._poll, self._another_leads) as driver:
                if driver is not None:
                    await self._lead(driver)
            return 0.0
        except Differs as differs:
            self.trouble = f"the relay has stopped: {differs}"
            log.critical("relay.stopped", service=self.service, topic=self._topic, reason=str(differs))
            return self._look_again
        except Exception as error:
            self.trouble = f"the relay begins again: {error!r}"
            outage = isinstance(error, KafkaError) or is_transient(error)
            log.warning("relay.begins_again", service=self.service, reason=repr(error), exc_info=not outage)
            return self._backoff.next()
        finally:
            self.leads = False
            gc.collect()  # a term leaves megabytes in circles of few objects, and objects are all that Python counts

    def _another_leads(self) -> None:
        """What this one could not send is the other's to tell."""
        self.trouble = self._oldest = None

    async def _lead(self, driver: Driver) -> None:
        lead = await leading.read(driver)
        waiting = await self._store.passing(lead.mark if lead else 0, limit=1)
        self._oldest = waiting[0].recorded_at if waiting else None
        broker = self._make_broker()
        try:
            await broker.connect()
            partitions = await self._partitions(broker)
            lead = lead or await leading.begin(driver, partitions)
            await self._compare(driver, Comparison(broker, self._topic, self._store, lead.lasts), partitions)
            self.leads, self.trouble = True, None
            log.info("relay.leads", service=self.service, mark=lead.mark, partitions=lead.partitions)
            writer = Writer(self.service, lead.partitions)
            await self._relay(lead, Outlet(broker, self._topic, writer, patience=self._patience))
        finally:
            await abandon(broker)

    async def _compare(self, driver: Driver, comparison: Comparison, partitions: int) -> None:
        try:
            await comparison.hold(partitions)
        except Differs as differs:
            metrics.RELAY_STOPPED.labels(self.service).set(1)
            await leading.tell(driver, str(differs))
            raise
        metrics.RELAY_STOPPED.labels(self.service).set(0)
        await leading.tell(driver, None)

    async def _partitions(self, broker: KafkaBroker) -> int:
        cluster = await producer_of(broker).client.fetch_all_metadata()
        if not (found := cluster.partitions_for_topic(self._topic)):
            raise ConnectionError(f"there is no topic {self._topic}")
        return len(found)

    async def _relay(self, lead: Lead, outlet: Outlet) -> None:
        ahead = Ahead(self._store, lead.mark, self._facts)
        self._marked(lead, 0)
        try:
            while not self._stopping.is_set():
                begun = time.monotonic()
                self._news.forget()
                lead.hold()
                if (first := await self._packed(outlet, ahead, Round(lead.mark, lead.lasts))) is not None:
                    await self._send(lead, outlet, ahead, first)
                self._oldest = None
                await self._news.wait()
                await rest(self._stopping, begun + _APART - time.monotonic())
        finally:
            await ahead.close()

    async def _send(self, lead: Lead, outlet: Outlet, ahead: Ahead, first: Round) -> None:
        """Round after round, while it is known that there is more: what comes meanwhile rings. Packing and sending take
        turns at being the slower one, so it is packed two rounds ahead.
        """
        packed: asyncio.Queue[Round | None] = asyncio.Queue(1)
        await together(self._pack_ahead(outlet, ahead, first, packed), self._send_packed(lead, outlet, packed))

    async def _pack_ahead(
        self, outlet: Outlet, ahead: Ahead, first: Round, packed: "asyncio.Queue[Round | None]"
    ) -> None:
        following: Round | None = first
        while following is not None and not self._stopping.is_set():
            await packed.put(following)
            following = await self._following(outlet, ahead, following)
        await packed.put(None)

    async def _send_packed(self, lead: Lead, outlet: Outlet, packed: "asyncio.Queue[Round | None]") -> None:
        """While one round is on its way the mark moves to the end of the one before, also when this one fails; none
        leaves before the one before it has arrived.
        """
        arrived: Round | None = None
        while (leaving := await packed.get()) is not None:
            self._oldest = leaving.oldest
            marking = asyncio.create_task(self._mark(lead, arrived))
            try:
                await outlet.send(leaving)
            finally:
                await marking
            arrived = leaving
        await self._mark(lead, arrived)

    async def _following(self, outlet: Outlet, ahead: Ahead, before: Round) -> Round | None:
        return await self._packed(outlet, ahead, before) if before.rest or ahead.more else None

    async def _packed(self, outlet: Outlet, ahead: Ahead, before: Round) -> Round | None:
        """All that is there to be sent after `before`, as much as fits into the batches."""
        packed = Round(before.mark, list(before.lasts))
        facts = before.rest or await ahead.next()
        while facts:
            await outlet.pack(packed, facts)
            if packed.rest or not ahead.more or packed.facts >= _READS * self._facts:
                return packed
            facts = await ahead.next()
        return packed if packed.facts else None

    async def _mark(self, lead: Lead, arrived: Round | None) -> None:
        if arrived is not None:
            await lead.move(arrived.mark, arrived.lasts)
            self._marked(lead, arrived.facts)

    def _marked(self, lead: Lead, facts: int) -> None:
        self._backoff.reset()
        metrics.RELAYED.labels(self.service).inc(facts)
        metrics.RELAY_MARK.labels(self.service).set(lead.mark)
