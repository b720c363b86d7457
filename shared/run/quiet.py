"""Has everything been heard? Between two quiet moments nothing is on its way, so the clock may move."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from shared.listen.marks import IN_NEWEST_ERA
from shared.store.database import Database

_STAND = """select coalesce((select max(position) from facts), 0) as head,
    (select mark from relay) as relayed, (select lasts from relay) as lasts"""
_MARKS = f"""select listener, source, jsonb_object_agg(partition, position)::text as positions from marks m
    where {IN_NEWEST_ERA} group by listener, source"""

Listener = tuple[str, str]  # its name, and one source it hears


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a store is, and how far its topic is if it has one."""

    head: int
    relayed: int | None
    lasts: tuple[int, ...]

    def is_reached_by(self, positions: Mapping[str, int]) -> bool:
        """`positions` by partition; with one partition they are the store's own."""
        if len(positions) == 1 or not self.lasts:
            return min(positions.values()) >= self.head
        reached = all(positions.get(str(partition), 0) >= last for partition, last in enumerate(self.lasts))
        return reached and self.relayed == self.head


async def stands(databases: Mapping[str, Database]) -> dict[str, Stand]:
    return {name: await _stand(database) for name, database in databases.items()}


async def _stand(database: Database) -> Stand:
    async with database.driver() as driver:
        row = await driver.fetchrow(_STAND)
    return Stand(row["head"], row["relayed"], tuple(row["lasts"] or ()))


async def newest(databases: Mapping[str, Database]) -> datetime | None:
    """When the last of all stored facts happened."""
    found = []
    for database in databases.values():
        async with database.driver() as driver:
            found.append(await driver.fetchval("select max(at) from facts"))
    return max((at for at in found if at), default=None)


async def all_heard(database: Database, listeners: Collection[Listener], at: Mapping[str, Stand]) -> bool:
    """Whether these listeners of one service have all there was; a source that can't be reached is left out."""
    async with database.driver() as driver:
        rows: list[Any] = await driver.fetch(_MARKS)
    marks = {(row["listener"], row["source"]): orjson.loads(row["positions"]) for row in rows}
    for listener, source in listeners:
        if source in at and at[source].head and not at[source].is_reached_by(marks.get((listener, source), {"0": 0})):
            return False
    return True
