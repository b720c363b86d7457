"""What stands in the store stands in the files, once, and a second export adds what is new."""

import fcntl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pyarrow import dataset

from shared.export.export import Progress
from shared.export.folder import Mismatch, Unusable
from shared.store.database import Database
from tests.shared.export.exports import exported, files, seen, stored

STRANGE = 'a "quoted", line\r\nbreak\n\\.\t, ☕ and \\N, ""'


async def test_every_column_arrives_as_it_was_stored(db: Database, tmp_path: Path) -> None:
    written = '{"a":  1, "a": "x\\u0041", "b": "' + "ä" * 600_000 + '"}'
    row = (
        *(1, "org", STRANGE, 7, "shop.money-taken", UUID(int=1), datetime(2027, 3, 8, 22, 30, 0, 1, UTC), -90),
        *(
            datetime(2027, 3, 9, 0, 0, 0, 999_999, UTC),
            "",
            UUID(int=2),
            UUID(int=3),
            UUID(int=4),
            "00-ab-cd-01",
            written,
        ),
    )
    bare = (2, "", "s", 8, "shop.money-taken", UUID(int=5), *row[6:9], "ada", *row[10:12], None, None, "[]")
    async with db.driver() as driver:
        await driver.copy_records_to_table("facts", records=[row, bare])
    assert await exported(db, tmp_path) == Progress(2, 2, 2, 1)
    columns = (
        "position, tenant, stream, version, name, id, happened_at at time zone 'UTC', offset_minutes,"
        " recorded_at at time zone 'UTC', actor, correlation_id, causation_id, traceparent, data, service, day"
    )
    first, second = seen(tmp_path, columns)
    happened, recorded = (moment.replace(tzinfo=None) for moment in (row[6], row[8]))
    assert first == (
        *(1, "org", STRANGE, 7, "shop.money-taken", str(UUID(int=1)), happened, -90, recorded, ""),
        *(str(UUID(int=3)), str(UUID(int=4)), "00-ab-cd-01", written, "shop", recorded.date()),
    )
    assert (second[1], second[11:14]) == ("", (None, None, "[]"))


async def test_partitions_are_service_name_and_day_of_storing(db: Database, tmp_path: Path) -> None:
    await stored(db, 1, 3000)
    await exported(db, tmp_path, page=3000)
    called = f"{1:016}-{3000:016}.parquet"
    assert set(files(tmp_path)) == {
        f"service=shop/name=shop.name-{name}/day=2027-03-{day:02}/{called}"
        for name in range(50)
        for day in range(8, 12)
    }
    table = dataset.dataset(tmp_path, partitioning="hive").to_table()  # pandas reads by the same way
    columns = (table[column].to_pylist() for column in ("position", "name", "day", "recorded_at", "data", "service"))
    for position, name, day, recorded_at, data, service in zip(*columns, strict=True):
        assert (name, service, data) == (f"shop.name-{position % 50}", "shop", f'{{"n" : {position}}}')
        assert day == recorded_at.date().isoformat()
    assert sorted(table["position"].to_pylist()) == list(range(1, 3001))


async def test_a_second_export_adds_what_is_new_and_touches_no_file(db: Database, tmp_path: Path) -> None:
    await stored(db, 1, 1200)
    first = await exported(db, tmp_path)
    assert (first.position, first.facts) == (1200, 1200)
    before = files(tmp_path)
    assert len(before) == first.files
    assert await exported(db, tmp_path) == Progress(1200, 1200, 0, 0)
    await stored(db, 1201, 1210)
    assert await exported(db, tmp_path) == Progress(1210, 1210, 10, 10)
    assert before.items() <= files(tmp_path).items()
    assert seen(tmp_path) == list(range(1, 1211))


async def test_a_selection_is_kept_to_and_not_mixed_with_another(db: Database, tmp_path: Path) -> None:
    await stored(db, 1, 100)
    chosen: dict[str, Any] = {"since_position": 10, "names": ("shop.name-3", "shop.name-5"), "tenant": "org"}
    await exported(db, tmp_path, **chosen)
    await stored(db, 101, 130)
    assert await exported(db, tmp_path, **chosen) == Progress(130, 130, 1, 1)
    assert seen(tmp_path) == [53, 103]
    with pytest.raises(Mismatch, match="holds another selection"):
        await exported(db, tmp_path, **chosen | {"tenant": "other"})
    with pytest.raises(Mismatch, match="no position 999 yet"):
        await exported(db, tmp_path / "later", since_position=999)


async def test_two_exports_at_once_into_one_folder(db: Database, tmp_path: Path) -> None:
    await stored(db, 1, 10)
    (tmp_path / "service=shop").mkdir()
    with (tmp_path / "service=shop" / "_lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Unusable, match="another export of shop is writing"):
            await exported(db, tmp_path)
    assert (await exported(db, tmp_path)).facts == 10


async def test_a_folder_is_one_stores(db: Database, tmp_path: Path) -> None:
    """Neither another store's facts are added to it, nor those after a copy that lacks some which are exported."""
    await stored(db, 1, 10)
    await exported(db, tmp_path)
    async with db.driver() as driver:
        await driver.execute("alter table facts disable trigger user; delete from facts where position > 5")
    await stored(db, 6, 20)
    with pytest.raises(Unusable, match="before it was put back"):
        await exported(db, tmp_path)
    (tmp_path / "service=shop" / "_state.json").unlink()
    with pytest.raises(Unusable, match="is gone"):
        await exported(db, tmp_path)
    assert seen(tmp_path) == list(range(1, 11))


async def test_large_facts_make_narrow_pages(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.export.reading._PAGE_BYTES", 20_000)
    await stored(db, 1, 500)
    assert (await exported(db, tmp_path, page=500)).files > 10
    assert seen(tmp_path) == list(range(1, 501))
