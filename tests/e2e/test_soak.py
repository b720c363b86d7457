"""Two minutes of the soak; the whole of it is `.venv/bin/python -m tests.e2e.soak`."""

from pathlib import Path

from tests.e2e.soak import soak
from tests.parts.kafka import Kafka
from tests.parts.postgres import Postgres

MINUTES = 2.0


async def test_two_minutes_of_everything_at_once(
    own_postgres: Postgres, own_kafka: Kafka, own_database: str, tmp_path: Path
) -> None:
    seen = await soak(own_postgres, own_kafka, own_database, tmp_path, MINUTES)
    assert all(seen.get(trouble) for trouble in ("kills", "brokers", "databases", "rebuilds")), seen
    print(seen)
