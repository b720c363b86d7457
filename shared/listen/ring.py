"""Reading on in the changes: what comes after a cursor, and whether anything between is lost.

A cursor is a number for each build, with a stamp, for numbers come again after a crash or a restore.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shared.core.readmodel import ReadModel
from shared.listen.changes import Row
from shared.store.database import Database

# What stands after a cursor, the cursor itself first: whether it is still there tells if anything was lost.
_SINCE = """select l.read_model, l.build, c.seq, c.stamp, c.tenant,
        case when c.seq > k.seq then c.positions::text end, case when c.seq > k.seq then c.rows::text end
    from unnest($1::text[], $2::integer[]) as asked(read_model, version)
    join live l using (read_model, version)
    left join unnest($3::integer[], $4::bigint[]) as k(build, seq) on k.build = l.build
    left join changes c on c.build = l.build and c.seq >= k.seq
    order by l.build, c.seq"""
_HEADS = """select build, seq, stamp from unnest($1::integer[]) as asked(number) join lateral
    (select build, seq, stamp from changes where build = number order by seq desc limit 1) c on true"""

Turn = tuple[int, int]  # its number, its stamp
LOST: Turn = 0, 0  # a build has turn 0 from its beginning: without any, a crash has taken them
_CURSOR = re.compile(r"\d{1,9}\.\d{1,18}\.\d{1,9}(?:~\d{1,9}\.\d{1,18}\.\d{1,9}){0,199}")


class ChangeCursor(dict[int, Turn]):
    """By build: the last turn that is known."""

    def __str__(self) -> str:
        return "~".join(f"{build}.{seq}.{stamp}" for build, (seq, stamp) in sorted(self.items()))

    @classmethod
    def parse(cls, text: str) -> "ChangeCursor":
        """Raises ValueError."""
        if not _CURSOR.fullmatch(text):
            raise ValueError("no cursor in the changes")
        parts = (tuple(map(int, part.split("."))) for part in text.split("~"))
        return cls((build, (seq, stamp)) for build, seq, stamp in parts)


@dataclass(frozen=True, slots=True)
class Change:
    """A turn of a read model in one organisation. No tenant: turns were lost, or another build is read now, for all.

    `rows` is None for more than can be named.
    """

    model: ReadModel
    tenant: str | None
    positions: Mapping[str, int]
    rows: Sequence[Row] | None


class Ring:
    """The changes of the live builds of these read models."""

    def __init__(self, database: Database, models: Iterable[ReadModel]) -> None:
        self._database = database
        self._models = {model.name: model for model in models}
        versions = {name: model.version for name, model in self._models.items()}
        self._asked = list(versions), list(versions.values())

    async def now(self) -> ChangeCursor:
        return (await self.since(ChangeCursor()))[1]

    async def since(self, cursor: ChangeCursor, upto: ChangeCursor | None = None) -> tuple[list[Change], ChangeCursor]:
        """What has changed after a cursor, in the order of each build, and the cursor after that."""
        async with self._database.driver() as driver:
            known = list(cursor), [seq for seq, _ in cursor.values()]
            found: dict[tuple[str, int], list[Any]] = {}
            for name, build, *turn in await driver.fetch(_SINCE, *self._asked, *known):
                found.setdefault((name, build), []).extend([turn] if turn[0] is not None else [])
            lost = [build for (_, build), turns in found.items() if not _continues(cursor.get(build), turns)]
            heads = {build: (seq, stamp) for build, seq, stamp in await driver.fetch(_HEADS, lost)} if lost else {}
        changes: list[Change] = []
        after = ChangeCursor()
        for (name, build), turns in found.items():
            last = None if upto is None else upto.get(build)
            if build in lost:
                changes.append(Change(self._models[name], None, {}, None))
                after[build] = last or heads.get(build, LOST)
            else:
                new = [turn for turn in turns[1:] if last is None or turn[0] <= last[0]]
                changes += self._read(name, new)
                after[build] = (new[-1][0], new[-1][1]) if new else cursor[build]
        return changes, after

    def _read(self, name: str, turns: Iterable[Any]) -> Iterator[Change]:
        for _, _, tenant, positions, rows in turns:
            named = None if rows is None else [Row(*row) for row in orjson.loads(rows)]
            yield Change(self._models[name], tenant, orjson.loads(positions), named)


def _continues(known: Turn | None, turns: Sequence[Any]) -> bool:
    """Whether nothing lies between what is known and what was found."""
    if known == LOST:
        return not turns
    return bool(turns) and (turns[0][0], turns[0][1]) == known
