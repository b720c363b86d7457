"""`luotsi rebuilds`: all builds of all read models, and steering those that are being made, from any terminal."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.ops.models import Model, Throttle, model_of, share_of
from shared.ops.printing import AsJson, Failed, OneService, ThisService, json_out, table

if TYPE_CHECKING:
    from shared.core.readmodel import ReadModel
    from shared.core.service import Service
    from shared.replay.rebuilds import Rebuild

commands = typer.Typer(help="Looks after builds of read models.", no_args_is_help=True)

One = Annotated[int | None, typer.Option("--build", help="As `rebuilds list` numbers it, if there are several.")]


@commands.command("list")
def list_(service: OneService = None, as_json: AsJson = False) -> None:
    """Every build: which is live, which is fed, how far one is that is being made, who makes it.

    Example: luotsi rebuilds list --json
    """
    found = asyncio.run(_listed(service))
    if as_json:
        json_out([{"service": name, **one.as_dict()} for name, one in found])
        return
    rows = [(name, one.listener, one.words, *_course(one), _who(one), one.error) for name, one in found]
    table(("service", "build", "state", "done", "of", "per second", "seconds left", "by", "error"), rows)


@commands.command()
def pause(service: ThisService, read_model: Model, build: One = None, as_json: AsJson = False) -> None:
    """It rests where it is until it is resumed.

    Example: luotsi rebuilds pause welcome_list --service onboarding
    """
    _steer(service, read_model, build, "pause", as_json)


@commands.command()
def resume(service: ThisService, read_model: Model, build: One = None, as_json: AsJson = False) -> None:
    """It goes on, if a process still holds it; else `luotsi rebuild` goes on with it.

    Example: luotsi rebuilds resume welcome_list --service onboarding
    """
    _steer(service, read_model, build, "go", as_json)


@commands.command()
def cancel(service: ThisService, read_model: Model, build: One = None, as_json: AsJson = False) -> None:
    """It ends, and what it has built is thrown away.

    Example: luotsi rebuilds cancel welcome_list --service onboarding
    """
    _steer(service, read_model, build, "cancel", as_json)


@commands.command()
def throttle(
    service: ThisService, read_model: Model, share: Throttle, build: One = None, as_json: AsJson = False
) -> None:
    """Another share of its time.

    Example: luotsi rebuilds throttle welcome_list --service onboarding --share 20
    """
    from shared.replay import rebuilds

    async def ask(driver: Any, one: "Rebuild") -> None:
        await rebuilds.set_throttle(driver, one.build, share_of(share))

    _under_way(service, read_model, build, ask, as_json)


@commands.command()
def rollback(service: ThisService, read_model: Model, as_json: AsJson = False) -> None:
    """Read the build that was read before: it has been fed all the time.

    Example: luotsi rebuilds rollback welcome_list --service onboarding
    """
    before, now = asyncio.run(_rolled_back(service, read_model))
    if as_json:
        json_out({"live": now, "before": before})
    else:
        typer.echo(f"build {now} is live again, build {before} is kept fed until the next rebuild")


@commands.command()
def drop(
    service: ThisService, read_model: Model, build: Annotated[int, typer.Option("--build")], as_json: AsJson = False
) -> None:
    """Throw a build away that is not read.

    Example: luotsi rebuilds drop welcome_list --service onboarding --build 3
    """
    asyncio.run(_dropped(service, read_model, build))
    if as_json:
        json_out({"dropped": build})
    else:
        typer.echo(f"build {build} is dropped")


def _steer(service: str, read_model: str, build: int | None, wanted: Any, as_json: bool) -> None:
    from shared.replay import rebuilds

    async def ask(driver: Any, one: "Rebuild") -> None:
        await rebuilds.want(driver, one.build, wanted)

    _under_way(service, read_model, build, ask, as_json)


def _under_way(
    service: str,
    read_model: str,
    build: int | None,
    ask: "Callable[[Any, Rebuild], Awaitable[None]]",
    as_json: bool,
) -> None:
    """Asks something of a rebuild that is being made, and shows it as it is then."""
    from shared.replay import rebuilds

    async def asked(found: "Service", model: "ReadModel", database: Any) -> "Rebuild":
        async with database.driver() as driver:
            one = await (rebuilds.unfinished(driver, model) if build is None else _numbered(driver, model, build))
            if one is None or one.phase not in rebuilds.UNFINISHED:
                raise Failed(f"no rebuild of {read_model} version {model.version} is under way")
            await ask(driver, one)
            changed = await rebuilds.one(driver, one.build)
            assert changed is not None
            return changed

    shown = asyncio.run(_within(service, read_model, asked))
    if as_json:
        json_out(shown.as_dict())
    else:
        typer.echo(f"{shown.listener}: {shown.words}, wanted: {shown.wanted}")


async def _within(service: str, read_model: str, ask: "Callable[..., Awaitable[Any]]") -> Any:
    from shared.ops.databases import database
    from shared.ops.found import service as named
    from shared.ops.settings import load

    found = named(service)
    model = model_of(found, read_model)
    async with database(load(), found) as opened:
        return await ask(found, model, opened)


async def _listed(service: str | None) -> "list[tuple[str, Rebuild]]":
    from shared.ops.databases import database
    from shared.ops.found import services
    from shared.ops.settings import load
    from shared.replay import rebuilds

    settings, all_ = load(), []
    for found in services(service):
        async with database(settings, found) as opened, opened.driver() as driver:
            all_ += [(found.name, one) for one in await rebuilds.shown(driver)]
    return all_


async def _rolled_back(service: str, read_model: str) -> tuple[int | None, int]:
    from shared.ops.found import service as named
    from shared.ops.histories import reading
    from shared.ops.settings import load
    from shared.replay.switching import NotSwitched, roll_back

    found = named(service)
    model = model_of(found, read_model)
    async with reading(load(), found) as (database, histories):
        try:
            return await roll_back(found.name, database, model, histories)
        except NotSwitched as error:
            raise Failed(str(error)) from None


async def _dropped(service: str, read_model: str, build: int) -> None:
    from shared.listen.builds import Build
    from shared.listen.held import StillHeld
    from shared.replay import rebuilds
    from shared.replay.dropping import IsRead
    from shared.replay.dropping import drop as drop_

    async def dropped(found: "Service", model: "ReadModel", database: Any) -> None:
        async with database.driver() as driver:
            one = await _numbered(driver, model, build)
        try:
            await drop_(database, Build(replace(model, version=one.version), build))
        except (IsRead, StillHeld, rebuilds.Runs) as error:
            raise Failed(str(error)) from None

    await _within(service, read_model, dropped)


async def _numbered(driver: Any, model: "ReadModel", build: int) -> "Rebuild":
    from shared.replay import rebuilds

    one = await rebuilds.one(driver, build)
    if one is None or one.read_model != model.name:
        raise Failed(f"{model.name} has no build {build}")
    return one


def _course(one: "Rebuild") -> tuple[Any, ...]:
    """Nothing of a build that was made empty, or of which nothing had to be read."""
    from shared.replay.rebuilds import UNFINISHED

    if one.phase is None or (not one.total and one.phase not in UNFINISHED):
        return None, None, None, None
    eta = None if one.eta is None else round(one.eta, 1)
    return one.done, one.total, None if one.rate is None else round(one.rate), eta


def _who(one: "Rebuild") -> str | None:
    return f"{one.operator}@{one.host}, process {one.pid}" if one.operator else None
