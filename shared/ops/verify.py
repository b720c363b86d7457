"""`luotsi verify`: are the rows what their facts make of them? `luotsi whatif`: what would other folds make of them?"""

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from shared.ops.models import Model, model_of
from shared.ops.printing import AsJson, Failed, ThisService, WrongUse, json_line, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.core.readmodel import ReadModel
    from shared.core.service import Service
    from shared.listen.builds import Build
    from shared.ops.progress import Shown
    from shared.replay.verifying import Found
    from shared.store.database import Database

Tenant = Annotated[str | None, typer.Option(help="Only rows of this organisation.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="So many differences are shown; all are counted.")]
MANY = 100


def verify(
    service: ThisService,
    read_model: Annotated[str | None, typer.Argument(help="The read model.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All read models of the service.")] = False,
    tenant: Tenant = None,
    limit: Limit = MANY,
    as_json: AsJson = False,
) -> None:
    """Fold all facts once more, aside, and compare every row. Exit code 1 when one differs; nothing is changed.

    Example: luotsi verify welcome_list --service onboarding
    """
    from shared.ops.found import service as named

    found = named(service)
    if (read_model is None) != all_:
        raise WrongUse("name a read model, or say --all")
    models = list(found.read_models) if read_model is None else [model_of(found, read_model)]
    differing = [one for one in _verified(found, models, tenant, limit, as_json) if one.differing or one.failed]
    if differing:
        raise Failed(f"{', '.join(one.listener for one in differing)}: rows differ from what their facts make of them")


def whatif(
    service: ThisService, read_model: Model, tenant: Tenant = None, limit: Limit = MANY, as_json: AsJson = False
) -> None:
    """Fold all facts as this image does, and show the rows that would change. Exit code 1 if one would.

    Compared is what is read now, of the newest version that is live.

    Example: luotsi whatif welcome_list --service onboarding
    """
    from shared.ops.found import service as named

    found = named(service)
    model = model_of(found, read_model)
    (one,) = _verified(found, [model], tenant, limit, as_json, newest=True)
    if one.differing or one.failed or one.not_comparable:
        raise Failed(f"{one.listener}: rows would be others")


def _verified(
    service: "Service",
    models: "Sequence[ReadModel]",
    tenant: str | None,
    limit: int,
    as_json: bool,
    newest: bool = False,
) -> "list[Found]":
    from shared.ops.progress import progress

    with progress(as_json) as shown:
        found = asyncio.run(_all(service, models, tenant, limit, newest, shown))
    for one in found:
        _print(one, as_json)
    return found


async def _all(
    service: "Service",
    models: "Sequence[ReadModel]",
    tenant: str | None,
    limit: int,
    newest: bool,
    shown: "Shown",
) -> "list[Found]":
    from shared.ops.histories import reading
    from shared.ops.settings import load
    from shared.replay.verifying import Verifying, keep

    found = []
    async with reading(load(), service) as (database, histories):
        for model in models:
            build = await _live(database, model, newest)
            done = 0

            async def step(facts: int, name: str = model.name) -> None:
                nonlocal done
                done += facts
                shown(f"folding {name}", done, None)

            one = await Verifying(database, build, histories, model, tenant, limit, step=step).run()
            if tenant is None and not newest:
                await keep(database, build, one)
            found.append(one)
    return found


async def _live(database: "Database", model: "ReadModel", newest: bool) -> "Build":
    from shared.listen.builds import Builds, NoLiveBuild

    builds = Builds(database)
    try:
        return await (builds.newest(model) if newest else builds.live(model))
    except NoLiveBuild as error:
        raise Failed(f"{error} has no live build") from None


def _print(found: "Found", as_json: bool) -> None:
    if as_json:
        json_line({**asdict(found), "phase": "done"})
        return
    typer.echo(f"{found.listener}: {found.rows} rows compared, {found.differing} differ")
    rows = []
    for one in found.shown:
        key = ", ".join(f"{name}={value}" for name, value in one.key.items())
        if one.columns is None:
            rows.append((one.row, key, "the whole row", *(("none", "one") if one.missing else ("one", "none"))))
        else:
            rows += [(one.row, key, column, repr(is_), repr(other)) for column, (is_, other) in one.columns.items()]
    if rows:
        table(("row", "key", "column", "is", "should be"), rows)
    for name in found.not_comparable:
        typer.echo(f"{name}: other keys than the rows that are read, so every row is another")
    for fact in found.failed:
        typer.echo(f"could not be folded: {fact['source']} {fact['position']}: {fact['error']}")
