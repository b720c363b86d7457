"""A bank with a history in its store, and what its read models must make of it."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.core.event import Recorded
from shared.core.readmodel import ReadModel
from shared.listen.builds import Build
from shared.listen.decode import Decoder
from shared.replay.history import Histories, StoreHistory
from shared.replay.plan import Plan
from shared.replay.rebuilding import Outcome, Rebuilding
from shared.store.database import Database
from shared.store.store import EventStore
from tests.shared.listen.bank import (
    AccountClosed,
    AccountOpened,
    Deposited,
    Looked,
    accounts,
    bank,
)
from tests.shared.listen.facts import Log, ids

BANK = bank(read_models=[accounts])
SECOND = replace(accounts, name="second")
PLAN = Plan(verify=False, checkpoint=60, kept=8)
_COLUMNS = (
    "position", "tenant", "stream", "version", "name", "id", "at", "at_offset", "recorded_at", "actor", "command_id",
    "correlation_id", "causation_id", "traceparent", "data",
)  # fmt: skip


def history(count: int, log: Log | None = None, seed: int = 1) -> Log:
    """Facts of forty accounts of two organisations: opened, paid into, closed, opened again; and some nobody hears."""
    log, chance = log or Log(), random.Random(seed)
    while len(log.facts) < count:
        tenant, account = chance.choice(("org", "other")), UUID(int=chance.randrange(1, 41))
        kind = chance.choices((AccountOpened, Deposited, AccountClosed, Looked), (1, 8, 1, 2))[0]
        log.add(_event(kind, account, chance), tenant=tenant)
    return log


def _event(kind: type[Any], account: UUID, chance: random.Random) -> Any:
    if kind is AccountOpened:
        return AccountOpened(account_id=account, branch=UUID(int=900 + chance.randrange(3)), holder=f"holder {account}")
    if kind is Deposited:
        return Deposited(account_id=account, cents=chance.randrange(1, 900), tags=("a",) * chance.randrange(3))
    if kind is Looked:
        return Looked(account_id=account, why="so", at=Log().add(AccountClosed(account_id=account)).at)
    return AccountClosed(account_id=account)


def overflow(log: Log) -> None:
    """Two facts of one stream, of which the database refuses the row that they make together."""
    log.add(Deposited(account_id=ids(1)[0], cents=2**63 - 1, note="more than a column holds"), tenant="third")
    log.add(Deposited(account_id=ids(1)[0], cents=2**63 - 1), tenant="third")


async def keep(db: Database, facts: Sequence[Recorded]) -> None:
    """Into the store, past the desk."""
    east = [int((fact.at.utcoffset() or timedelta()).total_seconds()) // 60 for fact in facts]
    rows = [(*f[1:8], offset, *f[8:10], f.id, *f[10:]) for f, offset in zip(facts, east, strict=True)]
    async with db.driver() as driver:
        await driver.copy_records_to_table("facts", records=rows, columns=_COLUMNS)


def histories(db: Database, page: int = 50) -> Histories:
    return {"bank": StoreHistory(EventStore(db, "bank"), Decoder("bank", BANK.known), page)}


def rebuilding(db: Database, plan: Plan = PLAN, model: ReadModel = accounts, **parts: Any) -> Rebuilding:
    return Rebuilding("bank", db, model, **{"histories": histories(db), "plan": plan, **parts})


async def rebuilt(db: Database, plan: Plan = PLAN, model: ReadModel = accounts, **parts: Any) -> Outcome:
    return await rebuilding(db, plan, model, **parts).run()


def folded(facts: Iterable[Recorded], model: ReadModel = accounts) -> Mapping[str, Mapping[Any, Any]]:
    """The rows by kind and key, as plainly as it can be said."""
    tables: dict[str, dict[Any, Any]] = {rows.row.__name__: {} for rows in model.rows}
    for fact in facts:
        for rows in model.rows:
            if fact.name not in rows.events:
                continue
            event = rows.events[fact.name].model_validate_json(fact.data)
            for key in rows.keys(event, fact):
                table, whole = tables[rows.row.__name__], (fact.tenant, *key)
                if (row := rows.fold(table.get(whole), event, fact)) is None:
                    table.pop(whole, None)
                else:
                    table[whole] = row
    return tables


def stopped_by(poison: Recorded, log: Log) -> set[int]:
    """The positions of a fact that no fold can read and of those heard behind it in its stream."""
    stream = [f for f in log.facts if (f.tenant, f.stream) == (poison.tenant, poison.stream)]
    return {f.position for f in stream if f.position >= poison.position and f.name in accounts.events}


async def rows(db: Database, build: int, model: ReadModel = accounts) -> Mapping[str, Mapping[Any, Any]]:
    """What is in the tables of a build."""
    found: dict[str, dict[Any, Any]] = {}
    async with db.driver() as driver:
        for table in Build(model, build).tables:
            names = ", ".join(f'"{name}"' for name in table.key)
            keys = [tuple(row) for row in await driver.fetch(f"select {names} from {table.qualified_name}")]
            found[table.rows.row.__name__] = dict(zip(keys, await table.load(driver, keys), strict=True))
    return found


async def live(db: Database, model: ReadModel = accounts) -> int | None:
    async with db.driver() as driver:
        query = "select build from live where read_model = $1 and version = $2"
        found: int | None = await driver.fetchval(query, model.name, model.version)
        return found


def renumbered(model: ReadModel, version: int) -> ReadModel:
    return replace(model, version=version)
