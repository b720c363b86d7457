"""Facts of made-up hires: 500 are on their way at a time, and each turn brings one of them one to three facts further.

A hire joins, is welcomed (10 facts) and goes through three stages (34 facts), with the mistakes that real ones have.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from shared.core.event import Event, Recorded, source_of
from shared.store.database import Database
from tests.onboarding.histories import JOURNEY_EVENTS, WELCOME_EVENTS
from tests.onboarding.organisation import aino_joined

AT_A_TIME = 500
EVENTS: tuple[Event, ...] = (aino_joined, *WELCOME_EVENTS, *JOURNEY_EVENTS)
STORED = datetime(2027, 3, 8, 7, tzinfo=UTC)
COLUMNS = (
    "position", "tenant", "stream", "version", "name", "id", "at", "at_offset", "recorded_at", "actor", "command_id",
    "correlation_id", "causation_id", "traceparent", "data",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Step:
    """One fact of every hire's history, with a gap where the person stands."""

    stream: str
    version: int
    name: str
    data: str


def _steps() -> list[_Step]:
    lengths = (("person", 1), ("welcome", len(WELCOME_EVENTS)), ("journey", len(JOURNEY_EVENTS)))
    streams = [(stream, version) for stream, length in lengths for version in range(1, length + 1)]
    person = str(aino_joined.person_id)
    return [
        _Step(f"onboarding.{stream}-", version, event.event_name, event.model_dump_json().replace(person, "{}"))
        for (stream, version), event in zip(streams, EVENTS, strict=True)
    ]


STEPS = _steps()


def facts(count: int, at_a_time: int = AT_A_TIME) -> list[Recorded]:
    """The same ones every time: positions 1 to `count`."""
    return list(stream(count, at_a_time))


def stream(count: int, at_a_time: int = AT_A_TIME) -> Iterator[Recorded]:
    """One after the other, for more than fit into memory."""
    for position, (hire, step) in enumerate(_order(count, at_a_time), 1):
        yield _fact(position, hire, STEPS[step])


def _order(count: int, at_a_time: int) -> Iterator[tuple[int, int]]:
    chance, given = random.Random(7), 0
    under_way = [(number, 0) for number in range(at_a_time)]
    following = at_a_time
    while given < count:
        place = chance.randrange(at_a_time)
        hire, step = under_way[place]
        upto = min(step + chance.randint(1, 3), len(STEPS), step + count - given)
        yield from ((hire, each) for each in range(step, upto))
        given += upto - step
        under_way[place] = (hire, upto)
        if upto == len(STEPS):
            under_way[place], following = (following, 0), following + 1


def _fact(position: int, hire: int, step: _Step) -> Recorded:
    person = str(UUID(int=(7 << 76) + hire))
    return Recorded(
        source=source_of(step.name),
        position=position,
        tenant="org",
        stream=step.stream + person,
        version=step.version,
        name=step.name,
        id=UUID(int=(9 << 76) + position),
        at=STORED,
        recorded_at=STORED,
        actor="policy:made-up",
        correlation_id=UUID(int=hire),
        causation_id=UUID(int=position),
        traceparent=None,
        data=step.data.replace("{}", person),
    )


async def store(dsn: str, given: Iterable[Recorded]) -> None:
    """Into an empty store, past the desk."""
    records = ((*fact[1:8], 0, *fact[8:10], fact.id, *fact[10:]) for fact in given)
    database = Database(dsn)
    async with database.driver() as driver:
        await driver.copy_records_to_table("facts", records=records, columns=COLUMNS)
        await driver.execute("analyze facts")
    await database.close()


async def load(dsn: str, given: Iterable[Recorded]) -> None:
    """Stored, and what the server put off meanwhile is done too: whoever is measured next does not share it."""
    await store(dsn, given)
    database = Database(dsn)
    async with database.driver() as driver:
        await driver.execute("vacuum facts")
        await driver.execute("checkpoint")
    await database.close()
