"""`luotsi rebuild`: a read model from all that has happened, beside the one that is read."""

import asyncio
import gc
import os
from contextlib import nullcontext
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.ops.models import Model, Throttle, model_of, share_of
from shared.ops.printing import AsJson, Failed, ThisService, WrongUse, json_line, table
from shared.ops.times import ENDS, instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.core.readmodel import ReadModel
    from shared.core.service import Service
    from shared.ops.settings import Settings
    from shared.replay.lanes import Lanes
    from shared.replay.plan import Plan
    from shared.replay.rebuilding import Outcome
    from shared.replay.rebuilds import Rebuild
    from shared.replay.repairing import Repaired

DEFAULT = "50"


def rebuild(
    service: ThisService,
    read_model: Model,
    throttle: Throttle = DEFAULT,
    accept_parked: Annotated[bool, typer.Option("--accept-parked", help="Switch though facts are parked.")] = False,
    no_verify: Annotated[bool, typer.Option("--no-verify", help="Switch without folding it twice.")] = False,
    tenant: Annotated[str | None, typer.Option(help="Repair rows of this organisation in the live build.")] = None,
    key: Annotated[list[str] | None, typer.Option(help="Only rows with this in their key: person_id=…")] = None,
    to_position: Annotated[int | None, typer.Option(min=0, help="A build to look at: as of this position.")] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help=f"A build to look at: of what was stored by then. {ENDS}")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build it anew and switch to it, verified; begun again after a crash, it goes on where it was.

    Example: luotsi rebuild welcome_list --service onboarding --throttle none
    """
    from shared.ops.found import service as named
    from shared.ops.settings import load

    found = named(service)
    model = model_of(found, read_model)
    if tenant is not None or key:
        if to_position is not None or at is not None:
            raise WrongUse("--tenant and --key repair what is live: there is no --to-position and no --at for that")
        repaired = asyncio.run(_repair(load(), found, model, tenant, _parsed(key or []), as_json))
        _print_repaired(repaired, as_json)
        return
    settings, share = load(), share_of(throttle)
    upto = instant(at, settings.time_zone, "--at", day_ends=True)
    asked = {"accept_parked": accept_parked, "verify": not no_verify, "to_position": to_position, "at": upto}
    outcome = _run_alone(settings, found, model, share, asked, as_json)
    _print(outcome, model, as_json)


def by_itself(service: "Service", model: "ReadModel", settings: "Settings") -> None:
    """Without anybody who watches: how far it is goes to the log."""
    asked = {"accept_parked": False, "verify": True, "to_position": None, "at": None}
    _run_alone(settings, service, model, share_of(DEFAULT), asked, as_json=False)


def _parsed(keys: list[str]) -> "Mapping[str, str]":
    if wrong := [key for key in keys if "=" not in key]:
        raise WrongUse(f"--key: {wrong[0]} must look like person_id=0198c0de-…")
    return dict(key.split("=", 1) for key in keys)


def _run_alone(
    settings: "Settings", service: "Service", model: "ReadModel", share: float | None, asked: Any, as_json: bool
) -> "Outcome":
    """On a loop that has the process for itself. A throttled rebuild has no lanes."""
    from shared.ops import lane
    from shared.replay.lanes import Lanes
    from shared.run.loop import run_until_done

    stand_back(share)
    with lane.ready(service) if share is None else nullcontext() as start:
        return run_until_done(_rebuilt(settings, service, model, Lanes.one_each(start), share, asked, as_json))


def stand_back(share: float | None) -> None:
    """This process comes behind all who serve; throttled, it runs only when they leave a processor idle or wait for the
    database. For as long as it lives: there is no way back.
    """
    os.nice(10)
    if share is not None and hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    gc.disable()  # rows and facts hold each other in no circle, and millions of them would be walked through


async def _rebuilt(
    settings: "Settings",
    service: "Service",
    model: "ReadModel",
    lanes: "Lanes",
    share: float | None,
    asked: Any,
    as_json: bool,
) -> "Outcome":
    from shared.ops.histories import reading
    from shared.ops.progress import progress
    from shared.replay.rebuilding import Rebuilding

    async with reading(settings, service) as (database, histories):
        plan = await _plan(database, share, **asked)
        with progress(as_json) as shown:

            def told(one: "Rebuild") -> None:
                more = {"build": one.build, "rate": one.rate, "eta": one.eta, "throttle": one.throttle}
                shown(one.state, one.done or 0, one.total, **more)

            return await outcome_of(Rebuilding(service.name, database, model, histories, plan, told, lanes))


async def outcome_of(rebuilding: Any) -> "Outcome":
    """What stops it in the words of the command line."""
    from shared.listen.held import StillHeld
    from shared.replay.rebuilds import Runs
    from shared.replay.steering import Cancelled
    from shared.replay.switching import HasParked, NotSwitched
    from shared.replay.verifying import Differs

    try:
        outcome: Outcome = await rebuilding.run()
        return outcome
    except HasParked as error:
        raise Failed(f"not switched: {error}; `luotsi parked list`, or --accept-parked") from None
    except Cancelled as error:
        raise Failed(f"cancelled by an operator: {error}") from None
    except (Runs, NotSwitched, Differs, StillHeld) as error:
        raise Failed(str(error)) from None


async def _plan(
    database: Any, share: float | None, *, to_position: int | None, at: datetime | None, **given: bool
) -> "Plan":
    from shared.replay.plan import Plan

    if at is not None and to_position is not None:
        raise WrongUse("--at, --to-position: one of them is enough")
    if to_position is not None:
        async with database.driver() as driver:
            at = await driver.fetchval("select max(recorded_at) from facts where position <= $1", to_position)
        if at is None:
            raise WrongUse(f"--to-position: there is no fact up to {to_position}")
    return Plan(throttle=share, at=at, to_position=to_position, **given)


def _print(outcome: "Outcome", model: "ReadModel", as_json: bool) -> None:
    from shared.listen.builds import Build

    one, build = outcome.rebuild, Build(model, outcome.rebuild.build)
    tables = [table.qualified_name for table in build.tables]
    if as_json:
        told = {"before": outcome.before, "dropped": outcome.older.dropped, "not_dropped": outcome.older.trouble}
        json_line({**one.as_dict(), "phase": one.phase, "tables": tables, **told})
    elif one.phase == "aside":
        typer.echo(f"build {one.build} is left aside, to be looked at: {', '.join(tables)}")
        typer.echo(f"`luotsi rebuilds drop … --build {one.build}` throws it away")
    else:
        typer.echo(f"{model.name} version {model.version}: build {one.build} is live")
        if outcome.before:
            typer.echo(
                f"build {outcome.before} is kept fed until the next rebuild: `luotsi rebuilds rollback` reads it"
            )
        for number in outcome.older.dropped:
            typer.echo(f"build {number} is dropped")
        if outcome.older.trouble:
            typer.echo(f"the next rebuild drops what is older still: {outcome.older.trouble}")


async def _repair(
    settings: "Settings",
    service: "Service",
    model: "ReadModel",
    tenant: str | None,
    key: "Mapping[str, str]",
    as_json: bool,
) -> "list[Repaired]":
    from shared.listen.builds import Builds, NoLiveBuild
    from shared.ops.histories import reading
    from shared.replay.repairing import NoSuchKey, Repairing

    if tenant is None:
        raise WrongUse("--key: say --tenant too, whose rows they are")
    async with reading(settings, service) as (database, histories):
        try:
            build = await Builds(database).live(model)
            return await Repairing(database, build, histories, tenant, key, _no_step).run()
        except NoSuchKey as error:
            raise WrongUse(f"--key: {error}") from None
        except NoLiveBuild as error:
            raise Failed(f"{error} has no live build to repair") from None


async def _no_step(_: int) -> None:
    """It is over soon."""


def _print_repaired(repaired: "list[Repaired]", as_json: bool) -> None:
    if as_json:
        json_line({"repaired": [asdict(one) for one in repaired]})
    else:
        table(("row", "before", "after"), [(one.row, one.before, one.after) for one in repaired])
