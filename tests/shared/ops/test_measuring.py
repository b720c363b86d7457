"""What the gauges say is what the database says, and they go back to zero when it is in order again."""

from prometheus_client import REGISTRY

from shared.run.measuring import Measuring
from shared.store.database import Database

LATE = """insert into deadlines (tenant, deadline, key, fact_id, earliest, due_at, due_day, due_hour, command, body,
        correlation_id)
    select 'org', 'reminders', due.key, gen_random_uuid(), now() - interval '1 hour', due.at, '2026-01-01', '18:00',
        'Remind', '{}', gen_random_uuid()
    from (values ('late', now() - interval '1 hour'), ('not yet due everywhere on earth', null)) as due(key, at)"""


def gauge(name: str, **labels: str) -> float:
    value = REGISTRY.get_sample_value(f"luotsi_{name}", {"service": "bank", **labels})
    assert value is not None
    return value


async def test_what_waits_for_ops_is_measured(parked: str) -> None:
    database = Database(parked)
    try:
        measuring = Measuring("bank", {"bank": database})
        await measuring.look()
        assert (gauge("parked_facts", listener="policies"), gauge("parked_facts", listener="accounts.v1.b1")) == (6, 8)
        async with database.driver() as driver:
            await driver.execute("delete from parked")
            await driver.execute(
                "insert into facts select 9, 'org', 'bank.account-1', 1, 'bank.deposited', k.id, k.at, 0, k.at, 'ada',"
                " k.id, k.id, null, null, '{}' from (select gen_random_uuid() as id, now() - interval '1 hour' as at) k"
            )
        await measuring.look()
        assert (gauge("parked_facts", listener="policies"), gauge("store_head")) == (0, 9)
        late = {"listener": "accounts.v1.b1", "source": "bank"}
        assert gauge("listener_lag_facts", **late) == 1
        assert 3600 <= gauge("listener_lag_seconds", **late) < 3700
    finally:
        await database.close()


async def test_deadlines_set_aside_are_measured(set_aside: str) -> None:
    database = Database(set_aside)
    await Measuring("bank", {"bank": database}).look()
    await database.close()
    assert gauge("deadlines_set_aside") == 2


async def test_deadlines_are_late_when_they_are_due_everywhere(database: str) -> None:
    db = Database(database)
    try:
        async with db.driver() as driver:
            await driver.execute(LATE)
        await Measuring("bank", {"bank": db}).look()
        assert 3600 <= gauge("deadlines_late_seconds") < 3700
        async with db.driver() as driver:
            await driver.execute("delete from deadlines where key = 'late'")
        await Measuring("bank", {"bank": db}).look()
        assert gauge("deadlines_late_seconds") == 0
    finally:
        await db.close()
