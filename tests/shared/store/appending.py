"""A process of appenders: `python -m tests.shared.store.appending store|naive DSN FACTS APPENDERS NAME GROUP`.

Prints how many facts were acknowledged. Some wishes are made to fail, so that transactions roll back as well.
"""

import asyncio
import random
import sys

import asyncpg

from shared.core.decider import Asked
from shared.core.ids import new_id
from shared.store.appender import Append, Appender, NewFact
from shared.store.database import Database
from shared.store.held import HeldConnection
from tests.shared.store.conftest import NOON


async def into_store(dsn: str, stream: str, facts: int, group: int) -> int:
    joined = "&" if "?" in dsn else "?"
    appender = Appender(HeldConnection(Database(f"{dsn}{joined}application_name=appender"), limit=60), "shop")
    version, chance = 0, random.Random(stream)
    while version < facts:
        new = [NewFact("shop.money-taken", new_id(), "{}") for _ in range(group)]
        wrong = chance.random() < 0.02
        if wrong:
            new[-1] = NewFact("shop.money-taken", new_id(), "{not json")
        wish = Append("org", stream, version, new_id(), b"h", Asked(NOON, "ada"), new_id(), None, None, "Take", new)
        try:
            outcome = await appender.append(wish)
        except asyncpg.DataError:
            assert wrong
            continue
        assert outcome.outcome in ("appended", "repeated"), outcome
        version = outcome.version
    await appender.close()
    return version


async def into_naive(dsn: str, stream: str, facts: int, group: int) -> int:
    db, version = await asyncpg.connect(dsn), 0
    while version < facts:
        async with db.transaction():
            for number in range(version + 1, version + group + 1):
                await db.execute("insert into naive (stream, version) values ($1, $2)", stream, number)
        version += group
    await db.close()
    return version


async def main(kind: str, dsn: str, facts: int, appenders: int, name: str, group: int) -> int:
    append = into_store if kind == "store" else into_naive
    each = facts // appenders
    return sum(await asyncio.gather(*(append(dsn, f"{name}-{n}", each, group) for n in range(appenders))))


if __name__ == "__main__":
    kind, dsn, facts, appenders, name, group = sys.argv[1:]
    print(asyncio.run(main(kind, dsn, int(facts), int(appenders), name, int(group))))
