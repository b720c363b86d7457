"""Policies that are new to a running service: those that begin now, and those to be brought up from the beginning.

A newcomer stands by itself, at marks of its own, until it has all that the others have, and every worker has it. An
image without it leaves it behind at the marks that the policies have then: what comes after waits for it.
"""

from collections.abc import Iterable, Sequence

from shared.core.event import event_types, source_of
from shared.core.policy import Policy
from shared.core.service import Service
from shared.listen.held import all_workers_have
from shared.listen.marks import KeptMarks, Marks
from shared.listen.policies import POLICIES, PolicyListener, known_policies, name_of
from shared.listen.turns import lock, turn
from shared.store.database import Database, Driver

_JOIN = "insert into policies_known (policy) select unnest($1::text[]) on conflict do nothing"
_BEGUN = "select distinct source from marks where listener = $1"
_AS_OTHERS = """insert into marks (listener, source, era, partitions, partition, position)
    select $1, source, era, partitions, partition, position from marks
    where source = $2 and listener = (
        select listener from marks where source = $2
        group by listener order by max(era) desc, max(position) desc limit 1)"""
_LIKE = """insert into marks (listener, source, era, partitions, partition, position)
    select $2, source, era, partitions, partition, position from marks m
    where listener = $1 and not exists (select from marks o where o.listener = $2 and o.source = m.source)"""
_FORGET = "delete from marks where listener = $1"
_TAKE_PARKED = """with mine as (delete from parked where listener = $1 returning *)
    insert into parked select $2, tenant, source, stream, position, partition, fact, data, error, first_seen, attempts
    from mine on conflict do nothing"""
_SHARE_PARKED = """insert into parked
    select $2, tenant, source, stream, position, partition, fact, data, error, first_seen, attempts
    from parked where listener = $1 on conflict do nothing"""


async def register(database: Database, service: Service) -> list[Policy]:
    """Names new to this database take part from the marks that the policies have. Answers those that stand alone."""
    async with database.driver() as driver, turn(driver, POLICIES):
        known = await _left_behind(driver, service)
        begun = await _begun(driver, POLICIES)
        new = [policy for policy in service.policies if policy.name not in known]
        alone = [policy for policy in new if begun and await _stands_alone(driver, policy)]
        joining = [policy for policy in new if policy not in alone]
        if begun:
            await _begin_now(driver, POLICIES, joining, begun)
        for policy in alone:
            if policy.start == "now" and not await _begun(driver, name_of(policy.name)):
                await driver.execute(_LIKE, POLICIES, name_of(policy.name))
                await _begin_now(driver, name_of(policy.name), [policy], begun)
        await driver.execute(_JOIN, [policy.name for policy in joining])
    return alone


async def standing_alone(database: Database, service: Service) -> list[Policy]:
    """Those of the service that are not among the policies, or not any more; those that it lacks are left behind."""
    names = {policy.name for policy in service.policies}
    async with database.driver() as driver:
        known = await known_policies(driver)
        if known - names:
            async with turn(driver, POLICIES):
                known = await _left_behind(driver, service)
    return [policy for policy in service.policies if policy.name not in known]


async def _left_behind(driver: Driver, service: Service) -> frozenset[str]:
    """Under the lock of the policies. Answers which are known then."""
    known = await known_policies(driver)
    missing = known - {policy.name for policy in service.policies}
    for policy in sorted(missing):
        await driver.execute(_FORGET, name_of(policy))
        await driver.execute(_LIKE, POLICIES, name_of(policy))
        await driver.execute(_SHARE_PARKED, POLICIES, name_of(policy))
        await driver.execute("delete from policies_known where policy = $1", policy)
    return known - missing


async def _begun(driver: Driver, listener: str) -> set[str]:
    return {source for (source,) in await driver.fetch(_BEGUN, listener)}


async def _stands_alone(driver: Driver, policy: Policy) -> bool:
    if policy.start == "beginning" or await _begun(driver, name_of(policy.name)):
        return True
    return not await all_workers_have(driver, policy.name)


async def _begin_now(driver: Driver, listener: str, policies: Iterable[Policy], begun: set[str]) -> None:
    """Of sources that no policy has heard so far, nothing is asked that others have had."""
    heard = {source_of(name) for policy in policies for name in event_types(policy.hears)}
    for source in sorted(heard - begun):
        await driver.execute(_AS_OTHERS, listener, source)


async def join(newcomer: PolicyListener) -> bool:
    """True once it has all that the policies have, as every worker has, and has become one of them."""
    place = newcomer.place
    assert newcomer.newcomer is not None
    name = newcomer.newcomer.name
    async with place.database.driver() as driver, turn(driver, place.listener):
        await lock(driver, POLICIES)
        if name not in await known_policies(driver):
            if not (await _is_level(driver, place.listener, place.sources) and await all_workers_have(driver, name)):
                return False
            await driver.execute(_JOIN, [name])
            await driver.execute(_LIKE, place.listener, POLICIES)
            await driver.execute(_TAKE_PARKED, place.listener, POLICIES)
        await driver.execute(_FORGET, place.listener)
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
