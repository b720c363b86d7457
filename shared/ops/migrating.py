"""`luotsi migrate`: the kit's tables of every service's database, brought up to date. Twice changes nothing."""

import asyncio
from typing import TYPE_CHECKING

import typer

from shared.ops.printing import AsJson, OneService, WrongUse, json_out

if TYPE_CHECKING:
    from shared.core.service import Service
    from shared.ops.settings import Settings


def migrate(service: OneService = None, as_json: AsJson = False) -> None:
    """Bring the databases up to date, as the role of LUOTSI_MIGRATE_DSN.

    Example: luotsi migrate --service onboarding
    """
    from shared.ops.found import services
    from shared.ops.settings import load

    settings = load()
    done = []
    for found in services(service):
        asyncio.run(_migrate(settings, found))
        done.append(found.name)
    if as_json:
        json_out({"migrated": done})
    else:
        typer.echo(f"up to date: {', '.join(done)}")


async def _migrate(settings: "Settings", service: "Service") -> None:
    from asyncpg import InsufficientPrivilegeError
    from sqlalchemy import make_url
    from sqlalchemy.exc import ProgrammingError

    from shared.migrations.migrate import migrate
    from shared.ops.databases import addresses, reaching

    owner = addresses(settings, service).owner
    try:
        with reaching(service, owner):
            await migrate(make_url(owner).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False))
    except ProgrammingError as error:
        if error.orig is None or not isinstance(error.orig.__cause__, InsufficientPrivilegeError):
            raise
        role = make_url(owner).username
        raise WrongUse(f"LUOTSI_MIGRATE_DSN: {role} may make no tables ({error.orig.__cause__})") from error
