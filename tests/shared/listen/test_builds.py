"""A row class, its table, and the pointer that says which build is read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, make_dataclass, replace
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from sqlalchemy import literal_column, select, text

from shared.core.event import Personal
from shared.core.readmodel import ReadModel, Rows
from shared.listen.builds import Builds, NoLiveBuild, ShapeChanged
from shared.listen.tables import columns_of, shape_of, snake
from shared.listen.worker import Worker
from shared.store.database import Database
from shared.web.lists import holds
from tests.shared.listen.bank import Account, Deposited, account_of, accounts, bank, fold_account
from tests.shared.listen.facts import Log, ids

MakeWorker = Callable[..., Awaitable[Worker]]
(ADA,) = ids(1)


@dataclass(frozen=True)
class Everything:
    a_text: str
    kind: Literal["one", "two"]
    marked: Annotated[str, Personal("a_text")]
    optional: Annotated[int, "some"] | None
    several: int | str
    both: tuple[UUID, ...] | None
    yes: bool


def test_types_become_columns() -> None:
    assert [(column.name, column.kind.sql, column.nullable) for column in columns_of(_rows(Everything))] == [
        ("a_text", "text", False),
        ("kind", "text", False),
        ("marked", "text", True),
        ("optional", "bigint", True),
        ("several", "json", False),
        ("both", "json", True),
        ("yes", "boolean", False),
    ]


def test_names_of_tables() -> None:
    assert [snake(name) for name in ("Person", "StageOfJourney", "Part2Done")] == [
        "person",
        "stage_of_journey",
        "part2_done",
    ]


def _rows(row: type[Any], **fields: Any) -> Rows:
    first = columns_names(row)[0]
    return Rows(row, **{"key": (first,), "hears": Deposited, "rows_of": account_of, "fold": fold_account, **fields})


def columns_names(row: type[Any]) -> list[str]:
    return list(row.__dataclass_fields__)


@pytest.mark.parametrize(
    "changed",
    [
        make_dataclass("Some", [("a", int), ("b", str | None)], frozen=True),
        make_dataclass("Some", [("a", int), ("b", int)], frozen=True),
        make_dataclass("Some", [("a", int), ("b", str), ("c", int)], frozen=True),
        make_dataclass("Other", [("a", int), ("b", str)], frozen=True),
    ],
)
def test_another_row_has_another_shape(changed: type[Any]) -> None:
    some = make_dataclass("Some", [("a", int), ("b", str)], frozen=True)
    assert shape_of([_rows(some)]) == shape_of([_rows(some, fold=replace)])
    assert shape_of([_rows(some)]) != shape_of([_rows(changed)])
    assert shape_of([_rows(some)]) != shape_of([_rows(some, indexes=[("b",)])])
    assert shape_of([_rows(some)]) != shape_of([_rows(some, key=("a", "b"))])


async def test_rows_changed_under_an_old_number_are_refused_by_name(db: Database) -> None:
    await Builds(db).ensure(accounts)
    changed = replace(accounts, rows=accounts.rows[:1])
    with pytest.raises(ShapeChanged, match="accounts has other rows than its version 1 had"):
        await Builds(db).ensure(changed)
    assert (await Builds(db).ensure(replace(changed, version=2))).listener == "accounts.v2.b2"


async def test_the_pointer_says_which_build_is_read(db: Database) -> None:
    builds = Builds(db)
    with pytest.raises(NoLiveBuild):
        await builds.live(accounts)
    made = await builds.ensure(accounts)
    assert (await Builds(db).live(accounts)).listener == made.listener


async def test_a_table_is_read_by_its_row_class(make_worker: MakeWorker, db: Database) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    log.add(Deposited(account_id=ADA, cents=5, tags=("a", "b")))
    await worker.take([log.batch()])
    table = (await Builds(db).live(accounts)).table(Account)
    async with db.engine.connect() as connection:
        row = (await connection.execute(select(table).where(table.c.account_id == ADA))).one()
    assert (row.tenant, row.cents, row.tags) == ("org", 5, ["a", "b"])


async def test_an_index_of_a_list_finds_what_is_in_it(db: Database) -> None:
    tagged = replace(accounts, rows=[replace(accounts.rows[0], indexes=[("tags",)])])
    table = (await Builds(db).ensure(tagged)).table(accounts.rows[0].row)
    question = select(table.c.account_id).where(holds(table.c.tags, literal_column("'b'")))
    async with db.engine.begin() as connection:
        await connection.execute(text("set local enable_seqscan = off"))
        plan = (await connection.execute(text(f"explain {question.compile(db.engine)}"))).scalars().all()
    assert any(f"Bitmap Index Scan on {table.name}_i1" in line for line in plan), plan


async def test_a_new_version_is_built_beside_the_old_one(make_worker: MakeWorker, db: Database) -> None:
    log = Log()
    log.add(Deposited(account_id=ADA, cents=5))
    old = await make_worker(bank(read_models=[accounts]))
    await old.take([log.batch()])
    new = await make_worker(bank(read_models=[replace(accounts, version=2)]))
    await new.take([log.batch()])
    async with db.driver() as driver:
        for number in (1, 2):
            assert await driver.fetchval(f"select cents from readmodels.accounts_account_b{number}") == 5


def test_a_name_too_long_for_a_table_is_told_at_once() -> None:
    from sqlalchemy import MetaData

    from shared.listen.tables import RowTable

    with pytest.raises(ValueError, match="too long"):
        RowTable(_rows(Everything), "a" * 60, 1, MetaData())


def test_read_models_may_have_no_other_columns_than_keys() -> None:
    only = make_dataclass("Only", [("a", int)], frozen=True)
    assert ReadModel("only", 1, [_rows(only)]).events.keys() == {"bank.deposited"}
