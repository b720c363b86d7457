"""Read models are folds: rows per key, from facts alone, in any order across streams."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shared.core.event import Event, Recorded, event_types

Key = Any  # the value of a one-column key, or the tuple of a longer one


@dataclass(frozen=True)
class Rows:
    """One kind of row: a frozen dataclass whose fields are the columns of its table and of the answer.

    `rows_of(event, recorded)` names the rows a fact touches, from the fact and its envelope alone: one key, a list of
    keys, or None. `fold(row, event, recorded)` is pure and returns the new row, or None for no row.
    `hears` is the union of facts this kind folds; `indexes` are further look-up columns beside the key: some plain
    ones, or one that holds a list, which is found by what is in it.
    """

    row: type[Any]
    key: tuple[str, ...]
    hears: Any
    rows_of: Callable[[Any, Recorded], Key | list[Key] | None]
    fold: Callable[[Any, Any, Recorded], Any]
    indexes: Sequence[tuple[str, ...]] = ()

    @cached_property
    def events(self) -> Mapping[str, type[Event]]:
        return event_types(self.hears)

    def keys(self, event: Any, recorded: Recorded) -> list[tuple[Any, ...]]:
        """The touched keys as tuples, without the tenant, which the kit adds."""
        touched = self.rows_of(event, recorded)
        if touched is None:
            return []
        if not isinstance(touched, list):
            touched = [touched]
        return [key if isinstance(key, tuple) else (key,) for key in touched]


@dataclass(frozen=True)
class Watched:
    """Who is told on `GET /v1/changes` that rows have changed, and by which columns the rows are named there.

    - `by`: the relations, and the roles, that see a row, as in the query's `view.seen`.
    - `key`: the columns that are sent to name a changed row, so the answer shows them too. A kind of row that lacks
      some of them sends those it has; of a kind that has none it is only said that something has changed.
    - `person`, `team`: the columns that say whose a row is; the row is looked at as it was before the change and as it
      is after it. Where no team is said, the team of the person today counts.
    - `parties`: columns of further people who see the row as their own. Their teams do not see it.
    - `otherwise`: by a name used above, the name that the column has in kinds of row which spell it differently.
    """

    by: Sequence[str]
    key: tuple[str, ...]
    person: str | None = None
    team: str | None = None
    parties: tuple[str, ...] = ()
    otherwise: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadModel:
    """One file, one listener, one mark. A changed row or fold gets a new `version` and is built beside the live one.

    `query` is the endpoint of `GET /v1/<name>`; None for a read model without a route. `seen_by` says in words, to
    readers of the API, whom it shows which rows. What is not `watched` is told to nobody on `GET /v1/changes`.
    """

    name: str
    version: int
    rows: Sequence[Rows]
    query: Callable[..., Awaitable[Any]] | None = None
    watched: Watched | None = None
    seen_by: str = ""

    @cached_property
    def events(self) -> Mapping[str, type[Event]]:
        return {name: event for rows in self.rows for name, event in rows.events.items()}
