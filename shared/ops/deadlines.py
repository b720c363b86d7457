"""`luotsi deadlines`: those that were set aside because asking them failed, and letting them be asked again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from shared.ops.printing import AsJson, Failed, OneService, WrongUse, json_out, table

if TYPE_CHECKING:
    from shared.core.service import Service
    from shared.listen.set_aside import SetAside
    from shared.store.database import Database

T = TypeVar("T")

commands = typer.Typer(help="Looks after deadlines that were set aside.", no_args_is_help=True)

Name = Annotated[str | None, typer.Argument(help="Only of this deadline.")]
Key = Annotated[str | None, typer.Argument(help="Only the row of this key, as `deadlines list` prints it.")]
Tenant = Annotated[str | None, typer.Option(help="Only of this organisation.")]
Error = Annotated[str | None, typer.Option(help="Only where these words are part of the error.")]

_COLUMNS = ("service", "tenant", "deadline", "key", "command", "due", "error")


@commands.command("list")
def list_(
    name: Name = None,
    key: Key = None,
    service: OneService = None,
    tenant: Tenant = None,
    error: Error = None,
    as_json: AsJson = False,
) -> None:
    """Every deadline that came due and could not be asked, in the order in which they came due.

    Example: luotsi deadlines list --error ValidationError
    """
    from shared.listen import set_aside

    wanted = set_aside.Wanted(tenant, name, key, error)
    found = asyncio.run(_each(service, lambda driver: set_aside.listed(driver, wanted)))
    rows = [_in_a_line(service, one) for service, some in found for one in some]
    if not rows:
        _check(name, service)
    if as_json:
        json_out(rows)
    else:
        table(_COLUMNS, [tuple(row.values()) for row in rows])


@commands.command()
def retry(
    name: Name = None,
    key: Key = None,
    service: OneService = None,
    tenant: Tenant = None,
    error: Error = None,
    as_json: AsJson = False,
) -> None:
    """Let them be asked again: by the worker that runs, within seconds. One that fails again is listed again.

    Example: luotsi deadlines retry stage-overdue
    """
    from shared.listen import set_aside

    wanted = set_aside.Wanted(tenant, name, key, error)
    freed = sum(freed for _, freed in asyncio.run(_each(service, lambda driver: set_aside.free(driver, wanted))))
    if not freed:
        _check(name, service)
        raise Failed("no deadline that was set aside matches this")
    if as_json:
        json_out({"freed": freed})
    else:
        typer.echo(f"to be asked again: {freed}")


def _check(name: str | None, service: str | None) -> None:
    """What an earlier release set aside may have a name that is no longer known: asked where nothing was found."""
    from shared.ops.found import services

    known = sorted(deadline.name for found in services(service) for deadline in found.deadlines)
    if name is not None and name not in known:
        raise WrongUse(f"there is no deadline {name} here; there is: {', '.join(known) or 'none'}")


def _in_a_line(service: str, one: "SetAside") -> dict[str, Any]:
    return dict(
        zip(_COLUMNS, (service, one.tenant, one.deadline, one.key, one.command, one.due, one.error), strict=True)
    )


async def _each(service: str | None, ask: Callable[[Any], Awaitable[T]]) -> list[tuple[str, T]]:
    from shared.ops.databases import of_each

    async def asked(_: "Service", database: "Database") -> T:
        async with database.driver() as driver:
            return await ask(driver)

    return await of_each(service, asked)
