"""Policies that are new to a running service: those that begin now, and those to be brought up from the beginning."""

from collections.abc import Sequence

from shared.core.event import event_types, source_of
from shared.core.policy import Policy
from shared.core.service import Service
from shared.listen.marks import KeptMarks, Marks
from shared.listen.policies import POLICIES, PolicyListener, known_policies
from shared.listen.turns import lock, turn
from shared.store.database import Database, Driver

_JOIN = "insert into policies_known (policy) select unnest($1::text[]) on conflict do nothing"
_BEGUN = "select distinct source from marks where listener = $1"
_AS_OTHERS = """insert into marks (listener, source, era, partitions, partition, position)
    select $1, source, era, partitions, partition, position from marks
    where source = $2 and listener = (
        select listener from marks where source = $2
        group by listener order by max(era) desc, max(position) desc limit 1)"""
_TAKE_PARKED = """with mine as (delete from parked where listener = $1 returning *)
    insert into parked select $2, tenant, source, stream, position, partition, fact, data, error, first_seen, attempts
    from mine on conflict do nothing"""


async def register(database: Database, service: Service) -> list[Policy]:
    """Names new to this database take part from the marks that the policies have. Answers those to be brought up."""
    async with database.driver() as driver, turn(driver, POLICIES):
        known = await known_policies(driver)
        begun = {source for (source,) in await driver.fetch(_BEGUN, POLICIES)}
        new = [policy for policy in service.policies if policy.name not in known]
        late = [policy for policy in new if begun and policy.start == "beginning"]
        joining = [policy for policy in new if policy not in late]
        if begun:
            for source in sorted(_sources(joining) - begun):
                await driver.execute(_AS_OTHERS, POLICIES, source)
        await driver.execute(_JOIN, [policy.name for policy in joining])
    return late


def _sources(policies: Sequence[Policy]) -> set[str]:
    return {source_of(name) for policy in policies for name in event_types(policy.hears)}


async def join(newcomer: PolicyListener) -> bool:
    """True once it has all that the policies have, and has become one of them."""
    place = newcomer.place
    assert newcomer.newcomer is not None
    async with place.database.driver() as driver, turn(driver, place.listener):
        await lock(driver, POLICIES)
        if newcomer.newcomer.name not in await known_policies(driver):
            if not await _is_level(driver, place.listener, place.sources):
                return False
            await driver.execute(_JOIN, [newcomer.newcomer.name])
            await driver.execute(_TAKE_PARKED, place.listener, POLICIES)
        await driver.execute("delete from marks where listener = $1", place.listener)
    return True


async def _is_level(driver: Driver, listener: str, sources: Sequence[str]) -> bool:
    own = await KeptMarks.load(driver, listener, sources)
    others = await KeptMarks.load(driver, POLICIES, sources)
    return all(_has_all(own.of[source], others.of[source]) for source in sources)


def _has_all(own: Marks, others: Marks) -> bool:
    if len(own.eras) > 1 or len(others.eras) > 1:
        return False
    mine, theirs = own.eras[0].marks, others.eras[0].marks
    if len(mine) != len(theirs):
        return min(mine) >= max(theirs)
    return all(mark >= other for mark, other in zip(mine, theirs, strict=True))
