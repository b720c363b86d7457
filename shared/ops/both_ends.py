"""Both ends of the way of a service's facts, its store and its topic, and what can go wrong between them in words."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from shared.ops.printing import Failed, WrongUse

if TYPE_CHECKING:
    from faststream.kafka import KafkaBroker

    from shared.feed.relay import Relay
    from shared.store.database import Database
    from shared.store.store import EventStore


@dataclass(frozen=True)
class BothEnds:
    """`broker` is connected, to read from or to send with."""

    topic: str
    database: "Database"
    store: "EventStore"
    broker: "KafkaBroker"
    make_broker: "Callable[[], KafkaBroker]"

    def relay(self) -> "Relay":
        """One more relay of the service: it leads when nobody else does."""
        from shared.feed.relay import Relay
        from shared.store.wakeup import Wakeup

        return Relay(self.database, self.store, Wakeup(self.database), self.make_broker, topic=self.topic)

    async def partitions(self) -> tuple[int, int]:
        """What the relay writes for, and how far it has come."""
        from shared.feed import lead

        async with self.database.driver() as driver:
            found = await lead.read(driver)
        if found is None:
            raise Failed(f"nothing has been relayed yet to {self.topic}: start the relay")
        return found.partitions, found.mark


@asynccontextmanager
async def both_ends(service: str, *, sending: bool = False) -> AsyncIterator[BothEnds]:
    """Says of what it raises what an operator can do about it."""
    from shared.feed.broker import make_broker
    from shared.feed.comparison import Differs
    from shared.feed.lead import Taken
    from shared.ops import brokers
    from shared.ops.databases import database
    from shared.ops.found import service as named
    from shared.ops.settings import load
    from shared.store.store import EventStore
    from shared.upkeep.reading import NoTopic
    from shared.upkeep.reconciliation import TooFewPartitions
    from shared.upkeep.rejoining import HistoriesDiffer
    from shared.upkeep.resending import Refused

    found = named(service)
    if load().embedded:  # asked first: there a broker would be of no use
        raise WrongUse("LUOTSI_DSN: is needed; the embedded platform has no topics")
    settings = brokers.kafka_settings()
    make = partial(make_broker, str(settings.kafka), f"luotsi-{service}-ops")
    try:
        async with database(settings, found) as opened, brokers.connected(settings, sending=sending) as broker:
            topic = settings.topic_of(service)
            yield BothEnds(topic, opened, EventStore(opened, service), broker, make)
    except (Differs, HistoriesDiffer, NoTopic, Refused, Taken, TooFewPartitions) as error:
        raise Failed(str(error)) from error
