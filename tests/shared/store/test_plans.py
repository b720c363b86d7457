"""Hot statements keep their first plan, made while the tables were small: it must be one for large ones."""

from uuid import UUID

import pytest

from shared.listen.builds import Builds
from shared.listen.turns import turn
from shared.store.appender import _APPEND, _columns
from shared.store.database import Database
from shared.store.held import HeldConnection
from shared.store.loader import _LOAD
from tests.shared.listen.bank import Account, accounts
from tests.shared.store.test_append import wish

_READ_WHOLE = "select pg_stat_get_xact_numscans($1::text::regclass)"


@pytest.mark.parametrize("there", [0, 64])
async def test_a_command_reads_by_key_alone(db: Database, there: int) -> None:
    async with db.driver() as driver:
        if there:
            await driver.fetch(_APPEND, *_columns([wish(f"shop.till-{n}") for n in range(there)]))
    held = HeldConnection(db)
    await held.fetch("begin")
    await held.fetch(_APPEND, *_columns([wish("shop.till-new")]))
    await held.fetch(_LOAD, ["org"], ["shop.till-new"], [0])
    read_whole = {table: (await held.fetch(_READ_WHOLE, table))[0][0] for table in ("facts", "receipts")}
    await held.close()
    assert read_whole == {"facts": 0, "receipts": 0}


async def test_a_turn_finds_its_rows_by_key(db: Database) -> None:
    build = await Builds(db).ensure(accounts)
    (table,) = [table for table in build.tables if table.rows.row is Account]
    name, keys = f'readmodels."{table.name}"', [("org", UUID(int=number)) for number in range(300)]
    async with db.driver() as driver, turn(driver, "listener"):
        await table.save(driver, keys, [Account(account_id) for _, account_id in keys])
        before = await driver.fetchval(_READ_WHOLE, name)
        await table.load(driver, keys)
        assert await driver.fetchval(_READ_WHOLE, name) == before
