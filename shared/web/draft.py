"""What questions are drafted with: rows of one organisation, and the condition who may see them.

No value of a request gets into them: tenant, caller, teams, now and today are bound when a question is asked. So one
that is drafted once can be asked again, by every caller of the same kind.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Date, DateTime, Select, Subquery, Table, bindparam, select

from shared.core.access import Caller
from shared.listen.columns import PLAIN
from shared.listen.tables import TENANT
from shared.web.live import Live, LiveBuilds
from shared.web.paging import LIMIT, Asking, Order, page_of
from shared.web.personal import marks_of
from shared.web.scope import AT_SITE, LED, OWN, Scope, Sight, sight

NOW: Final = bindparam("now", type_=DateTime(timezone=True))
TODAY: Final = bindparam("today", type_=Date)
BOUND: Final = frozenset({TENANT, LIMIT.key, NOW.key, TODAY.key, OWN.key, LED.key, AT_SITE.key})

Drafts = Callable[..., Select[Any]]


class Draft:
    """`draft[Row]` is the only way to a table, and it is limited to the tenant of the token."""

    now: ColumnElement[Any] = NOW
    today: ColumnElement[Any] = TODAY

    def __init__(self, builds: LiveBuilds, live: Mapping[str, Live], caller: Caller) -> None:
        self._builds, self._live, self._caller = builds, live, caller
        self._read: Counter[Table] = Counter()
        self._marked: set[ColumnElement[Any]] = set()
        self.scope: Scope | None = None
        self.sight: Sight | None = None

    @property
    def roles(self) -> frozenset[str]:
        """The caller's: callers of one kind have the same."""
        return self._caller.roles

    def __getitem__(self, row: type[Any]) -> Subquery:
        """The rows of this kind, with all their columns but the tenant. Each call is another alias of the table."""
        table = self._builds.table(self._live, row)
        self._marked.update(table.c[name] for name in marks_of(row))
        self._read[table] += 1
        return _rows(table, self._read[table])

    def seen(
        self,
        *,
        by: Sequence[str],
        person: ColumnElement[Any] | None = None,
        team: ColumnElement[Any] | None = None,
    ) -> ColumnElement[bool]:
        """The condition every query needs: which rows the caller may see. `by` as in `scope.sight`."""
        assert self.scope is not None, "the scope is looked up before the query is asked"
        self.sight = sight(self._caller, self.scope, by, person, team)
        return self.sight.rows

    def marked(self, query: Select[Any]) -> frozenset[str]:
        """The columns of the query that are read from marked ones, whatever they are called there."""
        if not self._marked:
            return frozenset()
        return frozenset(each.name for each in query.selected_columns if not self._marked.isdisjoint(each.base_columns))


@dataclass(frozen=True)
class PageOf:
    """The statement of a page of a question, and which of its columns are personal."""

    order: Order
    statement: Select[Any]
    marked: frozenset[str]


@dataclass(frozen=True)
class Question:
    """A query with the values of what it binds, and the draft that tells who may see its rows."""

    query: Select[Any]
    draft: Draft
    values: Mapping[str, Any] = field(default_factory=dict)
    kept: bool = False
    _first: dict[tuple[str, ...], PageOf] = field(default_factory=dict)

    def asked(self, values: Mapping[str, Any]) -> "Question":
        return replace(self, values=values)

    def page(self, names: Sequence[str], asking: Asking) -> PageOf:
        """The first page of a question that is kept is kept with it."""
        if asking.after is None and (known := self._first.get(tuple(names))) is not None:
            return known
        order, statement = page_of(self.query, names, asking)
        page = PageOf(order, statement, self.draft.marked(statement))
        if asking.after is None:
            self._first[tuple(names)] = page
        return page


def drafted(draft: Draft, drafts: Drafts, values: Mapping[str, Any]) -> Question:
    """A value is bound by its name; one that is not given is None for the draft too."""
    if drafts.__closure__ or BOUND & values.keys():
        raise ValueError(f"{drafts.__qualname__}: only what is bound by a name of its own may differ from time to time")
    return Question(drafts(draft, **{name: _bound(name, value) for name, value in values.items()}), draft, kept=True)


def _bound(name: str, value: Any) -> BindParameter[Any] | None:
    return None if value is None else bindparam(name, type_=PLAIN[type(value)].sa)


@lru_cache(1_000)
def _rows(table: Table, nth: int) -> Subquery:
    """The `nth` alias in a query, of the tenant that the view says. Kept: to make one takes longer than to read it."""
    columns = [column for column in table.c if column.name != TENANT]
    return select(*columns).where(table.c.tenant == bindparam(TENANT)).subquery()
