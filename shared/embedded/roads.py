"""How the services of one process hear each other: from store to store, or by way of Kafka."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from faststream.kafka import KafkaBroker

from shared.core.event import topic_of
from shared.feed.batch import Take
from shared.feed.broker import make_broker
from shared.feed.kafka import KafkaFeed
from shared.feed.relay import Relay
from shared.feed.store_feed import StoreFeed
from shared.listen.decode import Decoder
from shared.replay.history import Histories, StoreHistory
from shared.replay.topic import TopicHistory
from shared.run.inside import Inside, ListeningSide
from shared.run.supervising import Part


class Feed(Protocol):
    @property
    def trouble(self) -> str | None: ...

    async def run(self, take: Take) -> None: ...


class Road(Protocol):
    """`histories` are for who has fallen behind, by source; `parts` what has to run beside the feeds."""

    def histories(self, name: str) -> Histories: ...

    def feed(self, name: str, listening: ListeningSide) -> Feed: ...

    def parts(self) -> Sequence[Part]: ...


MakeRoad = Callable[[Mapping[str, Inside]], Road]


class StoreRoad:
    """No broker: each service reads the stores of those it hears."""

    def __init__(self, inside: Mapping[str, Inside]) -> None:
        self._inside = inside

    def histories(self, name: str) -> Histories:
        decoder = Decoder(name, self._inside[name].service.known)
        return {one.service.name: StoreHistory(one.store, decoder) for one in _heard_by(name, self._inside)}

    def feed(self, name: str, listening: ListeningSide) -> Feed:
        sources = _heard_by(name, self._inside)
        return StoreFeed(
            name,
            {source.service.name: source.store for source in sources},
            [source.wakeup for source in sources],
            listening.worker.cursor,
            heard=listening.heard,
        )

    def parts(self) -> Sequence[Part]:
        return []


class KafkaRoad:
    """A relay for each service, and feeds from the topics, which must be there."""

    def __init__(self, bootstrap: str, topic_prefix: str, inside: Mapping[str, Inside]) -> None:
        self._bootstrap, self._prefix, self._inside = bootstrap, topic_prefix, inside

    def histories(self, name: str) -> Histories:
        decoder, connect = Decoder(name, self._inside[name].service.known), self._connecting(name, consumer_only=True)
        return {
            source: TopicHistory(source, topic, connect, decoder) for source, topic in self._topics_of(name).items()
        }

    def feed(self, name: str, listening: ListeningSide) -> Feed:
        connect = self._connecting(name, consumer_only=True)
        group = f"{self._prefix}{name}"
        return KafkaFeed(name, connect, self._topics_of(name), heard=listening.heard, group=group)

    def parts(self) -> Sequence[Part]:
        relays = {name: self._relay(one) for name, one in self._inside.items()}
        return [Part(f"{name} relay", relay.run, relay.stop) for name, relay in relays.items()]

    def _relay(self, one: Inside) -> Relay:
        name = one.service.name
        return Relay(one.database, one.store, one.wakeup, self._connecting(name), topic=topic_of(name, self._prefix))

    def _connecting(self, name: str, *, consumer_only: bool = False) -> partial[KafkaBroker]:
        return partial(make_broker, self._bootstrap, f"luotsi-{name}", consumer_only=consumer_only)

    def _topics_of(self, name: str) -> dict[str, str]:
        return {one.service.name: topic_of(one.service.name, self._prefix) for one in _heard_by(name, self._inside)}


def _heard_by(name: str, inside: Mapping[str, Inside]) -> list[Inside]:
    """Itself and the other services here that it hears."""
    return [inside[source] for source in inside[name].service.sources if source in inside]
