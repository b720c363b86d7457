"""A store with made-up facts of many names, some days and two tenants, and what a reader of the folder sees of them."""

from pathlib import Path
from typing import Any

import duckdb

from shared.export.export import Progress, export
from shared.export.folder import Selection
from shared.store.database import Database

_FACTS = """
insert into facts
select n, case when n % 5 = 0 then 'other' else 'org' end, 'shop.till-' || n, 1,
       'shop.name-' || n % $3::int, gen_random_uuid(),
       timestamptz '2027-03-08 23:00:00Z' + n * interval '1 minute', 120,
       timestamptz '2027-03-08 23:00:00Z' + n * interval '1 minute', 'ada', gen_random_uuid(), gen_random_uuid(),
       null, null, json_build_object('n', n)
from generate_series($1::int, $2::int) n
"""


async def stored(db: Database, first: int, last: int, names: int = 50) -> None:
    async with db.driver() as driver:
        await driver.execute(_FACTS, first, last, names)


async def exported(db: Database, to: Path, page: int = 500, chunk: int = 1, **selection: Any) -> Progress:
    """The last word of an export whose chunks are a page each."""
    async for progress in export(db, "shop", to, Selection(**selection), page, chunk):
        last = progress
    return last


def seen(to: Path, columns: str = "position") -> list[Any]:
    """What somebody reads who globs all files at this moment."""
    files = f"read_parquet('{to}/**/*.parquet', hive_partitioning = true)"
    if not list(to.rglob("*.parquet")):
        return []
    with duckdb.connect() as connection:
        rows = connection.sql(f"select {columns} from {files} order by position").fetchall()
    return [row[0] if len(row) == 1 else row for row in rows]


def files(to: Path) -> dict[str, int]:
    """Those that a reader takes for facts, each with the time of its last change."""
    return {str(path.relative_to(to)): path.stat().st_mtime_ns for path in to.rglob("*.parquet")}
