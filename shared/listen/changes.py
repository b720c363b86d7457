"""Which rows have changed, kept for a while for who watches: written in the transaction that changes them.

Each build counts its own turns under its own lock, so whoever reads on from a number misses nothing, and no build waits
for another. Nothing else would do: the facts of other services are not in this store, and a NOTIFY is lost on who is
away for a moment. What is told are keys alone, so that whoever watches asks the query, which knows who may see what.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from shared.core.readmodel import Watched
from shared.listen.builds import Build
from shared.listen.decode import Heard
from shared.listen.folding import Changes
from shared.store.database import Driver

KEPT = 1_000  # turns of a build
NAMED = 200  # rows of a turn; more are not told one by one

_TELL = f"""with newest as (select coalesce(max(seq), 0) as seq from changes where build = $1),
    forgotten as (delete from changes c using newest n
        where n.seq % 64 = 0 and c.build = $1 and c.seq <= n.seq - {KEPT})
    insert into changes (build, seq, tenant, positions, rows)
    select $1, n.seq + k.nth, k.tenant, $2::json, k.rows::json
    from newest n, unnest($3::text[], $4::text[]) with ordinality as k(tenant, rows, nth)"""


class Row(NamedTuple):
    """A changed row: the columns of it that are told, the people and teams that it was or is about, and its parties."""

    key: dict[str, Any]
    persons: list[str]
    teams: list[str]
    parties: list[str]


class Telling:
    """The part of a build's turn that says what it has changed."""

    def __init__(self, build: Build) -> None:
        self._build, self._watched = build.number, build.model.watched

    async def tell(self, driver: Driver, facts: Sequence[Heard], changes: Sequence[Changes]) -> None:
        tenants = dict.fromkeys(key[0] for one in changes for key in one.keys)
        if not tenants:
            return
        named = [self._named(tenant, changes) for tenant in tenants]
        positions = {heard.recorded.source: heard.recorded.position for heard in facts}
        await driver.execute(_TELL, self._build, orjson.dumps(positions).decode(), list(tenants), named)

    async def all_may_differ(self, driver: Driver, tenant: str) -> None:
        """The organisation's rows were put in order past the facts."""
        await driver.execute(_TELL, self._build, "{}", [tenant], [None])

    def _named(self, tenant: str, changes: Sequence[Changes]) -> str | None:
        """None: somebody may want to know, but not which rows they are."""
        if self._watched is None or sum(len(one.keys) for one in changes) > NAMED:
            return None
        found: dict[bytes, Row] = {}
        for one in changes:
            for key, *states in zip(one.keys, one.rows, one.before, strict=True):
                if key[0] == tenant and not _note(found, self._watched, [row for row in states if row is not None]):
                    return None
        return orjson.dumps([tuple(row) for row in found.values()], default=str).decode()


def _note(found: dict[bytes, Row], watched: Watched, states: Sequence[Any]) -> bool:
    """False for a kind of row that cannot be named by the columns to be told."""
    for state in states:
        key = _columns(watched, state, watched.key)
        if not key:
            return False
        if None in key.values():  # a fact is still to come that tells which row it is
            continue
        row = found.setdefault(orjson.dumps(key, default=str), Row(key, [], [], []))
        for column, about in ((watched.person, row.persons), (watched.team, row.teams)):
            _add(about, _columns(watched, state, [column] if column else []))
        _add(row.parties, _columns(watched, state, watched.parties))
    return True


def _columns(watched: Watched, state: Any, columns: Sequence[str]) -> dict[str, Any]:
    """Those of the columns that a row has, under one name or the other."""
    found = {}
    for column in columns:
        name = column if hasattr(state, column) else watched.otherwise.get(column, column)
        if hasattr(state, name):
            found[column] = getattr(state, name)
    return found


def _add(about: list[str], columns: Mapping[str, Any]) -> None:
    about.extend(str(value) for value in columns.values() if value is not None and str(value) not in about)
