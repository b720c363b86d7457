"""What a query is given to read with: the live builds' rows of the caller's organisation, and nothing else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, Subquery, Table, bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from shared.core.access import Caller, Directory
from shared.core.event import Personal
from shared.core.service import Service
from shared.listen.tables import TENANT
from shared.store.codec import Codec
from shared.store.database import Database
from shared.web import problems
from shared.web.live import Live, LiveBuilds
from shared.web.paging import Asking, AsOf, Order, Page, page_of
from shared.web.personal import hidden, marks_of, opened
from shared.web.scope import LEADER, MANAGER, PLANNER, Scope, Sight, sight

T = TypeVar("T")
_NO_VALUE = ("22000", "22003", "22021")  # a filter that no column of its type could equal


@dataclass(frozen=True)
class Room:
    """What all views of a process share."""

    builds: LiveBuilds
    engine: AsyncEngine
    directory: Directory
    codec: Codec

    @classmethod
    def of(cls, service: Service, database: Database, codec: Codec | None = None) -> "Room":
        """Reading needs no transaction: each statement is one."""
        engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        return cls(LiveBuilds(service, database), engine, service.directory, codec or Codec())


class View:
    """One request's reader. `view[Row]` is the only way to a table, and it is limited to the tenant of the token."""

    def __init__(self, room: Room, live: Mapping[str, Live], caller: Caller, now: datetime) -> None:
        self.caller, self.now = caller, now
        self._room, self.live = room, live
        self._marked: dict[Any, Personal] = {}
        self._read: Counter[Table] = Counter()
        self._scope: Scope | None = None
        self._sight: Sight | None = None
        self._answers: Live | None = None
        self._asking: Asking | None = None
        self._response: Response | None = None

    def answering(self, live: Live, asking: Asking, response: Response) -> None:
        """This view answers a route: it may give pages."""
        self._answers, self._asking, self._response = live, asking, response

    @property
    def today(self) -> date:
        """The day where the caller is."""
        return self.now.date()

    def __getitem__(self, row: type[Any]) -> Subquery:
        """The rows of this kind, with all their columns but the tenant. Each call is another alias of the table."""
        table = self._room.builds.table(self.live, row)
        self._marked |= {table.c[name]: mark for name, mark in marks_of(row).items()}
        self._read[table] += 1
        return _rows(table, self._read[table])

    async def all(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """`values` are those of bound parameters of the query; the tenant is never among them."""
        bound = {**(values or {}), TENANT: self.caller.tenant}
        async with self._room.engine.connect() as connection:
            try:
                rows: Sequence[Any] = (await connection.execute(query, bound)).all()
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) in _NO_VALUE:
                    raise problems.invalid(("query", "out-of-range", "no column holds such a value")) from None
                raise
        return rows

    async def first(self, query: Select[Any]) -> Any | None:
        found = await self.all(query.limit(1))
        return found[0] if found else None

    async def scope(self) -> Scope:
        """Looked up once, and only as far as the caller's roles need it."""
        if self._scope is None:
            led: frozenset[UUID] = frozenset()
            at_site: frozenset[UUID] | None = None
            if LEADER in self.caller.roles and (person := as_id(self.caller.person_id)):
                led = await self._room.directory.leads(self, person, self.today)
            if self.caller.roles & {MANAGER, PLANNER} and self.caller.site is not None:
                at_site = await self._room.directory.teams_at(self, self.caller.site)
            self._scope = Scope(led, at_site)
        return self._scope

    def seen(
        self,
        *,
        by: Sequence[str],
        person: ColumnElement[Any] | None = None,
        team: ColumnElement[Any] | None = None,
    ) -> ColumnElement[bool]:
        """The condition every query needs: which rows the caller may see. `by` as in `scope.sight`."""
        assert self._scope is not None, "the scope is looked up before the query is asked"
        self._sight = sight(self.caller, self._scope, by, person, team)
        return self._sight.rows

    async def page(
        self, query: Select[Any], item: type[T], order: Sequence[str], *, asked_for: object | None = None
    ) -> Page[T]:
        """`order` names columns of the query that together are unique, as in `paging.Order`.

        `asked_for` is the one thing a filter named, if it did: when it is not there, or not to be seen, it is a 404.
        """
        if self._sight is None or self._asking is None or self._answers is None:
            raise RuntimeError(f"{item.__name__}: who may see the rows has not been said with view.seen(…)")
        order_, statement = page_of(query, order, self._asking)
        found = [dict(row._mapping) for row in await self.all(statement)]
        if not found and asked_for is not None and self._asking.after is None:
            raise problems.not_found()
        shown = found[: self._asking.limit]
        further = self._further(order_, shown[-1]) if len(found) > self._asking.limit else None
        items = TypeAdapter(list[item]).validate_python(self._personal(statement, item, shown))  # type: ignore[valid-type]
        return Page[item].model_construct(items=items, next=further, as_of=self._as_of())  # type: ignore[valid-type]

    def _further(self, order: Order, last: Mapping[str, Any]) -> str:
        assert self._asking is not None
        assert self._response is not None
        address = self._asking.next(order.cursor(last))
        self._response.headers["Link"] = f'<{address}>; rel="next"'
        return address

    def _personal(self, statement: Select[Any], item: type[Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = {*marks_of(item), *(column.name for column in statement.selected_columns if self._is_marked(column))}
        if self._sight is not None and self._sight.masked:
            return hidden(rows, names)
        return opened(rows, names, self._room.codec, self.caller.tenant)

    def _is_marked(self, column: ColumnElement[Any]) -> bool:
        return any(base in self._marked for base in column.base_columns)

    def _as_of(self) -> AsOf:
        assert self._answers is not None
        return AsOf(at=self.now.isoformat(), positions=dict(self._answers.positions))


@lru_cache(1_000)
def _rows(table: Table, nth: int) -> Subquery:
    """The `nth` alias in a query, of the tenant that the view says. Kept: to make one takes longer than to read it."""
    columns = [column for column in table.c if column.name != TENANT]
    return select(*columns).where(table.c.tenant == bindparam(TENANT)).subquery()


@lru_cache(10_000)
def as_id(person_id: str) -> UUID | None:
    """Who has no UUID is in no row and leads no team."""
    try:
        return UUID(person_id)
    except ValueError:
        return None
