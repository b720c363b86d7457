"""What a query is given to read with: the live builds' rows of the caller's organisation, and nothing else."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, Subquery
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from shared.core.access import Caller, Directory
from shared.core.service import Service
from shared.listen.tables import TENANT
from shared.store.codec import Codec
from shared.store.database import Database
from shared.web import problems
from shared.web.draft import NOW, TODAY, Draft, Drafts, Question, drafted
from shared.web.live import Live, LiveBuilds
from shared.web.paging import LIMIT, Asking, AsOf, Order, Page
from shared.web.personal import hidden, marks_of, opened
from shared.web.remembered import FOR_EVER, Remembered
from shared.web.scope import LEADER, MANAGER, OWN, PLANNER, Scope

T = TypeVar("T")
_NO_TABLE = "42P01"  # the build was dropped while the query waited for a connection
_NO_VALUE = ("22000", "22003", "22021")  # a filter that no column of its type could equal


@dataclass(frozen=True)
class Room:
    """What all views of a process share."""

    builds: LiveBuilds
    engine: AsyncEngine
    planned: AsyncEngine
    directory: Directory
    codec: Codec
    kept: Remembered[Any, Question] = field(default_factory=lambda: Remembered(1_000))

    @classmethod
    def of(cls, service: Service, database: Database, codec: Codec | None = None) -> "Room":
        """Reading needs no transaction: each statement is one."""
        engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        return cls(LiveBuilds(service, database), engine, database.planned, service.directory, codec or Codec())


class View:
    """One request's reader: it drafts, and asks."""

    def __init__(self, room: Room, live: Mapping[str, Live], caller: Caller, now: datetime) -> None:
        self.caller, self.now = caller, now
        self._room, self.live = room, live
        self._draft = Draft(room.builds, live, caller)
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
        return self._draft[row]

    async def all(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """`values` are those of bound parameters of the query; what the kit binds is never among them."""
        return await self._all(self._room.engine, query, values or {})

    async def _all(self, engine: AsyncEngine, query: Select[Any], values: Mapping[str, Any]) -> Sequence[Any]:
        async with engine.connect() as connection:
            try:
                rows: Sequence[Any] = (await connection.execute(query, {**values, **self._bound()})).all()
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state in _NO_VALUE:
                    raise problems.invalid(("query", "out-of-range", "no column holds such a value")) from None
                if state == _NO_TABLE:
                    raise problems.unavailable("not-live", "another build is read by now", retry_after=1) from None
                raise
        return rows

    def _bound(self) -> dict[str, Any]:
        said = {TENANT: self.caller.tenant, OWN.key: as_id(self.caller.person_id), NOW.key: self.now}
        return {**said, TODAY.key: self.today, **(self._draft.scope or Scope()).values}

    async def first(self, query: Select[Any]) -> Any | None:
        found = await self.all(query.limit(1))
        return found[0] if found else None

    async def scope(self) -> Scope:
        """Looked up once, and only as far as the caller's roles need it."""
        if self._draft.scope is None:
            led: frozenset[UUID] = frozenset()
            at_site: frozenset[UUID] | None = None
            if LEADER in self.caller.roles and (person := as_id(self.caller.person_id)):
                led = await self._room.directory.leads(self, person, self.today)
            if self.caller.roles & {MANAGER, PLANNER} and self.caller.site is not None:
                at_site = await self._room.directory.teams_at(self, self.caller.site)
            self._draft.scope = Scope(led, at_site)
        return self._draft.scope

    def seen(
        self,
        *,
        by: Sequence[str],
        person: ColumnElement[Any] | None = None,
        team: ColumnElement[Any] | None = None,
    ) -> ColumnElement[bool]:
        return self._draft.seen(by=by, person=person, team=team)

    def kept(self, drafts: Drafts, **values: Any) -> Question:
        """`drafts(draft, **values)`, with the values bound by their names, is called once for all who ask alike.

        PostgreSQL plans it once too, without knowing the values: a draft finds its rows by indexes.
        """
        given = tuple((name, type(value)) for name, value in values.items())
        kind = self.caller.roles, self.caller.site is None, as_id(self.caller.person_id) is None
        key = drafts, given, kind, tuple(live.build.number for live in self.live.values())
        if (known := self._room.kept.get(key)) is None:
            draft = Draft(self._room.builds, self.live, self.caller)
            draft.scope = self._draft.scope
            known = drafted(draft, drafts, values)
            self._room.kept.put(key, known, FOR_EVER)
        return known.asked(values)

    async def page(
        self, query: Select[Any] | Question, item: type[T], order: Sequence[str], *, asked_for: object | None = None
    ) -> Page[T]:
        """`order` names columns of the query that together are unique, as in `paging.Order`.

        `asked_for` is the one thing a filter named, if it did: when it is not there, or not to be seen, it is a 404.
        """
        asked = query if isinstance(query, Question) else Question(query, self._draft)
        if asked.draft.sight is None or self._asking is None or self._answers is None:
            raise RuntimeError(f"{item.__name__}: who may see the rows has not been said with view.seen(…)")
        page = asked.page(order, self._asking)
        engine = self._room.planned if asked.kept else self._room.engine
        rows = await self._all(engine, page.statement, {**asked.values, LIMIT.key: self._asking.limit + 1})
        names = rows[0]._fields if rows else ()
        found = [dict(zip(names, row, strict=True)) for row in rows]
        if not found and asked_for is not None and self._asking.after is None:
            raise problems.not_found()
        shown = found[: self._asking.limit]
        further = self._further(page.order, shown[-1]) if len(found) > self._asking.limit else None
        kind: Any = item
        items = _items(kind).validate_python(self._personal(page.marked | marks_of(item).keys(), asked, shown))
        return Page[kind].model_construct(items=items, next=further, as_of=self._as_of())

    def _personal(self, names: Set[str], asked: Question, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if asked.draft.sight is not None and asked.draft.sight.masked:
            return hidden(rows, names)
        return opened(rows, names, self._room.codec, self.caller.tenant) if names else rows

    def _further(self, order: Order, last: Mapping[str, Any]) -> str:
        assert self._asking is not None
        assert self._response is not None
        address = self._asking.next(order.cursor(last))
        self._response.headers["Link"] = f'<{address}>; rel="next"'
        return address

    def _as_of(self) -> AsOf:
        assert self._answers is not None
        return AsOf(at=self.now.isoformat(), positions=dict(self._answers.positions))


@cache
def _items(item: type[Any]) -> TypeAdapter[list[Any]]:
    return TypeAdapter(list[item])  # type: ignore[valid-type]


@lru_cache(10_000)
def as_id(person_id: str) -> UUID | None:
    """Who has no UUID is in no row and leads no team."""
    try:
        return UUID(person_id)
    except ValueError:
        return None
