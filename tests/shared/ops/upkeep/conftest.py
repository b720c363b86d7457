"""The onboarding service's store and topic, as the verbs find them by the settings."""

import pytest

from shared.store.database import Database
from shared.store.store import EventStore
from tests.parts.kafka import Kafka
from tests.shared.feed.appending import Appending
from tests.shared.feed.topics import Topic


@pytest.fixture
def store(db: Database) -> EventStore:
    return EventStore(db, "onboarding")


@pytest.fixture
def append(db: Database) -> Appending:
    return Appending(db)


@pytest.fixture
def settings(database: str, kafka: Kafka, topics: str) -> dict[str, str]:
    return {"dsn": database, "kafka": kafka.bootstrap, "topic_prefix": topics}


@pytest.fixture
def topic(kafka: Kafka, topics: str) -> Topic:
    """Not there yet: the test says with how many partitions it is made."""
    return Topic(kafka.bootstrap, f"{topics}onboarding.events")
