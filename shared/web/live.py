"""Which build of each read model is read, and how far it has come: one statement per request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Table

from shared.core.event import source_of
from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.listen.builds import Build
from shared.store.database import Database
from shared.web import problems

# Nothing is bound in it, so that the driver need not ask on each new connection what an array of numbers is.
_LIVE = """
select l.read_model, l.version, build, m.source, max(m.position) as position,
       concat_ws(':', max(m.era), count(m.era), sum(m.position), c.seq, c.stamp) as progress
from (values {asked}) asked(read_model, version)
join live l using (read_model, version)
left join marks m using (build)
left join lateral (select seq, stamp from changes where build = l.build order by seq desc limit 1) c on true
group by l.read_model, l.version, build, m.source, c.seq, c.stamp
order by l.read_model, m.source"""


@dataclass(frozen=True)
class Live:
    """The live build of one read model: the newest fact it has of each source, and what changes whenever rows do.

    That is its marks and its newest turn: when parked facts are tried again, no mark moves.
    """

    build: Build
    positions: Mapping[str, int]
    progress: tuple[str, ...]

    @cached_property
    def sources(self) -> frozenset[str]:
        return frozenset(source_of(name) for name in self.build.model.events)


class LiveBuilds:
    """The read models of one service, and where their rows are."""

    def __init__(self, service: Service, database: Database) -> None:
        self._database = database
        read_models = (*service.read_models, *service.directory.reads)
        self._by_name: dict[str, ReadModel] = {read_model.name: read_model for read_model in read_models}
        self._of_row = {rows.row: read_model for read_model in self._by_name.values() for rows in read_model.rows}
        self._builds: dict[str, Build] = {}
        asked = ", ".join(f"('{one.name}', {one.version})" for one in self._by_name.values())
        self._statement = _LIVE.format(asked=asked)

    async def now(self) -> Mapping[str, Live]:
        """By name. Read before any row is, so that rows may be newer than what is said of them, never older."""
        if not self._by_name:
            return {}
        async with self._database.driver(planned=True) as driver:
            records = await driver.fetch(self._statement)
        found: dict[str, list[Any]] = {}
        for record in records:
            found.setdefault(record["read_model"], []).append(record)
        return {name: self._live(name, of_one) for name, of_one in found.items()}

    def _live(self, name: str, records: Iterable[Any]) -> Live:
        """A build without marks has heard nothing yet; its one record has no source."""
        (number,) = {record["build"] for record in records}
        known = [record for record in records if record["source"] is not None]
        return Live(
            self._build(name, number),
            {record["source"]: record["position"] for record in known},
            tuple(f"{record['source']}:{record['progress']}" for record in known),
        )

    def _build(self, name: str, number: int) -> Build:
        """Kept while it is the live one: to make its tables takes longer than a query."""
        known = self._builds.get(name)
        if known is None or known.number != number:
            known = self._builds[name] = Build(self._by_name[name], number)
        return known

    def table(self, live: Mapping[str, Live], row: type[Any]) -> Table:
        """The table of this row kind in the live build."""
        return of(live, self._of_row[row]).build.table(row)


def of(live: Mapping[str, Live], read_model: ReadModel) -> Live:
    try:
        return live[read_model.name]
    except KeyError:
        raise problems.unavailable("not-live", f"{read_model.name} is being built", retry_after=5) from None
