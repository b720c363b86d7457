"""What `luotsi parked` does in the databases: the streams that match are found, and put in order one by one."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from shared.ops.printing import Failed, WrongUse

if TYPE_CHECKING:
    from shared.core.service import Service
    from shared.listen.blocked import Blocked, Wanted
    from shared.listen.parking import Parked
    from shared.store.database import Database

T = TypeVar("T")


async def _each(
    service: str | None, wanted: "Wanted", do: "Callable[[Service, Database, list[Blocked]], Awaitable[list[T]]]"
) -> list[T]:
    from shared.listen import blocked
    from shared.ops.databases import of_each

    known = set[str]()

    async def matching(found: "Service", database: "Database") -> list[T]:
        async with database.driver() as driver:
            some = await blocked.listed(driver, wanted)
            known.update(await blocked.listeners(driver))
        return await do(found, database, some) if some else []

    done = [one for _, some in await of_each(service, matching) for one in some]
    if wanted.listener is not None and wanted.listener not in known:
        raise WrongUse(f"there is no listener {wanted.listener} here; there is: {', '.join(sorted(known))}")
    return done


async def listed(service: str | None, wanted: "Wanted") -> "list[tuple[str, Blocked]]":
    async def named(found: "Service", _: "Database", some: "list[Blocked]") -> "list[tuple[str, Blocked]]":
        return [(found.name, one) for one in some]

    return await _each(service, wanted, named)


async def shown(service: str | None, wanted: "Wanted") -> "list[Parked]":
    from shared.listen import blocked

    async def sequences(_: "Service", database: "Database", some: "list[Blocked]") -> "list[Parked]":
        async with database.driver() as driver:
            return [fact for one in some for fact in await blocked.sequence(driver, one)]

    return _there(await _each(service, wanted, sequences))


async def retried(service: str | None, wanted: "Wanted") -> list[dict[str, Any]]:
    """A stream that fails again does not stop the next."""
    from shared.run.unparking import unparking

    most = None if wanted.position is None else 1

    async def again(found: "Service", database: "Database", some: "list[Blocked]") -> list[dict[str, Any]]:
        async with unparking(found, database) as unparked:
            told = []
            for one in some:
                came = await unparked.retry(one, most)
                key = {"service": found.name, "listener": one.listener, **one.key._asdict()}
                told.append({**key, "handled": came.handled, "left": came.left, "error": came.error})
            return told

    return _there(await _each(service, wanted, again))


async def discarded(service: str | None, wanted: "Wanted", who: str, why: str, yes: bool) -> "list[Parked]":
    """The first fact of each, under its listener's lock, so that nobody handles it meanwhile."""
    from shared.listen import blocked, parking, turns

    found = _there(await listed(service, wanted))
    if len(found) > 1 and not yes:
        raise WrongUse(f"{len(found)} streams match: --yes gives up the first fact of each")

    async def gone(_: "Service", database: "Database", some: "list[Blocked]") -> "list[Parked]":
        facts = []
        async with database.driver() as driver:
            for one in some:
                async with driver.transaction():
                    await turns.lock(driver, one.listener)
                    first = [fact for fact in await blocked.sequence(driver, one) if fact.position == one.position]
                    for fact in first:
                        await parking.discard(driver, fact, who, why)
                facts += first
        return facts

    return await _each(service, wanted, gone)


def _there(found: list[T]) -> list[T]:
    if not found:
        raise Failed("nothing that is parked matches this")
    return found
