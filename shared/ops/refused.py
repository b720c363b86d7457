"""`luotsi refused`: what policies and deadlines asked and the service refused. Each is final, and never asked again."""

import asyncio
import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from shared.ops.printing import AsJson, OneService, WrongUse, called, json_out, table

if TYPE_CHECKING:
    from shared.core.service import Service
    from shared.store.database import Database
    from shared.store.refusals import Cursor, Refusal, Wanted

commands = typer.Typer(help="Looks at refused commands of policies and deadlines.", no_args_is_help=True)

_SHOWN = ("at", "service", "tenant", "asked_by", "command", "stream", "code", "reason")


@commands.command("list")
def list_(
    service: OneService = None,
    tenant: Annotated[str | None, typer.Option(help="Only of this organisation.")] = None,
    command: Annotated[str | None, typer.Option(help="Only this command, as its class is called.")] = None,
    code: Annotated[str | None, typer.Option(help="Only refused with this code.")] = None,
    asked_by: Annotated[str | None, typer.Option(help="Only of policy:<name> or deadline:<name>.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="Rows on a page.")] = 50,
    after: Annotated[str | None, typer.Option(help="Where the page before ended, as it says.")] = None,
    as_json: AsJson = False,
) -> None:
    """Who asked what, and why it was refused; the newest first.

    Example: luotsi refused list --asked-by policy:prepare-welcome --limit 20
    """
    from shared.store.refusals import Wanted

    wanted = Wanted(tenant, command, code, asked_by)
    found = asyncio.run(_found(service, wanted, _cursor(after), limit + 1))
    page = found[:limit]
    further = _told(page[-1].cursor) if len(found) > limit else None
    if as_json:
        json_out({"items": [asdict(one) for one in page], "next": further})
        return
    table(_SHOWN, [tuple(getattr(one, name) for name in _SHOWN) for one in page])
    if further:
        typer.echo(f"there are more: {called()} refused list --after {further}, with the same filters")


async def _found(service: str | None, wanted: "Wanted", after: "Cursor | None", limit: int) -> "list[Refusal]":
    from shared.ops.databases import of_each
    from shared.store.refusals import refusals

    async def of(found: "Service", database: "Database") -> "list[Refusal]":
        async with database.driver() as driver:
            return await refusals(driver, found.name, wanted, after, limit)

    all_ = [one for _, some in await of_each(service, of) for one in some]
    return sorted(all_, key=lambda one: one.cursor, reverse=True)[:limit]


def _told(cursor: "Cursor") -> str:
    import orjson

    return base64.urlsafe_b64encode(orjson.dumps(cursor, default=str)).decode().rstrip("=")


def _cursor(text: str | None) -> "Cursor | None":
    from pydantic import TypeAdapter, ValidationError

    from shared.store.refusals import Cursor

    if text is None:
        return None
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        read: Cursor = TypeAdapter(Cursor).validate_json(plain)
    except (ValueError, ValidationError):
        raise WrongUse("--after: is what an earlier page ended with, unchanged") from None
    return read
