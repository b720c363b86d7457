"""Where history is read for a service: its own in its store, that of others on their topics, or in their stores when
the platform is the embedded one.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from shared.core.service import Service
from shared.feed.broker import make_broker
from shared.listen.decode import Decoder
from shared.ops import brokers
from shared.ops.databases import database
from shared.ops.found import names
from shared.ops.found import service as named
from shared.ops.printing import WrongUse
from shared.ops.settings import Settings
from shared.replay.history import Histories, History, StoreHistory
from shared.replay.topic import TopicAway, TopicHistory
from shared.store.database import Database
from shared.store.store import EventStore


@asynccontextmanager
async def reading(settings: Settings, service: Service) -> AsyncIterator[tuple[Database, Histories]]:
    """The service's database and the histories of all it hears. Long work sits an outage out; one that is there from
    the beginning is said at once.
    """
    decoder = Decoder(service.name, service.known)
    async with AsyncExitStack() as stack:
        own = await stack.enter_async_context(database(settings, service))
        async with own.driver() as driver:
            await driver.execute("select 1")
        found: dict[str, History] = {service.name: StoreHistory(EventStore(own, service.name), decoder)}
        for source in set(service.sources) - {service.name}:
            if not settings.embedded:
                found[source] = _on_topic(settings, service, source, decoder)
            elif source in names():
                theirs = await stack.enter_async_context(database(settings, named(source)))
                found[source] = StoreHistory(EventStore(theirs, source), decoder)
        try:
            with brokers.said_by_us_alone():
                yield own, found
        except TopicAway as error:
            raise brokers.away(settings, error) from error


def _on_topic(settings: Settings, service: Service, source: str, decoder: Decoder) -> TopicHistory:
    if settings.kafka is None:
        raise WrongUse(f"LUOTSI_KAFKA: is needed to read what {service.name} hears from {source}")
    connect = partial(make_broker, settings.kafka, f"luotsi-{service.name}-replay", consumer_only=True)
    return TopicHistory(source, settings.topic_of(source), connect, decoder)
