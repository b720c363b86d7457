"""`luotsi reconcile`: whether the topic of a service holds what its store says, to the byte."""

from typing import TYPE_CHECKING, Annotated

import typer

from shared.ops.printing import AsJson, Failed, ThisService, WrongUse, json_line, table

if TYPE_CHECKING:
    from shared.ops.both_ends import BothEnds
    from shared.ops.progress import Shown
    from shared.upkeep.reconciliation import Report


def reconcile(
    service: ThisService,
    partition: Annotated[int | None, typer.Option(min=0, help="Tell only of this partition.")] = None,
    from_position: Annotated[int, typer.Option(min=1)] = 1,
    to_position: Annotated[
        int | None, typer.Option(min=1, help="Repeats of these facts that lie further on are left out then.")
    ] = None,
    continuous: Annotated[
        float | None, typer.Option(min=0.1, help="Go on, looking for news every so many seconds, and serve metrics.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare store and topic: name every fact that is lost, altered, misplaced, foreign or doubled with other bytes.

    A repeat of an identical record is legal, and counted. Exit code 1 when anything differs.
    Example: luotsi reconcile --service onboarding --from-position 120001
    """
    from shared.run.loop import run_until_done

    if continuous is not None:
        if partition is not None or to_position is not None:
            raise WrongUse("--continuous looks at all partitions, and has no end")
        return run_until_done(_watch(service, continuous, from_position - 1))
    report = run_until_done(_once(service, partition, from_position - 1, to_position, as_json))
    _tell(report, as_json)
    if report.differing:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(report.counts.items()))
        raise Failed(f"{report.topic} is not as the store says: {kinds}")
    return None


async def _once(service: str, partition: int | None, after: int, to_position: int | None, as_json: bool) -> "Report":
    from shared.ops.both_ends import both_ends
    from shared.ops.progress import progress

    async with both_ends(service) as found:
        with progress(as_json) as shown:
            return await _compare(found, partition, after, to_position, shown)


async def _compare(
    found: "BothEnds", partition: int | None, after: int, to_position: int | None, shown: "Shown"
) -> "Report":
    import gc

    from shared.upkeep.reading import reading
    from shared.upkeep.reconciliation import Reconciliation

    partitions, mark = await found.partitions()
    upto = mark if to_position is None else min(to_position, mark)
    async with reading(found.broker, found.topic) as opened:
        if partition is not None and partition >= opened.partitions:
            raise WrongUse(f"--partition: {found.topic} has partitions 0 to {opened.partitions - 1}")
        reconciliation = Reconciliation(found.store, opened, partitions, after, partition)
        await reconciliation.begin()
        gc.disable()  # a third of the time would go into looking through records that have no cycles
        try:
            await reconciliation.advance(
                upto, to_end=to_position is None, told=lambda position: shown("comparing", position, upto)
            )
        finally:
            gc.enable()
        return await reconciliation.report()


async def _watch(service: str, pause: float, after: int) -> None:
    """Serves /livez, /readyz and /metrics, as every process does."""
    from starlette.applications import Starlette

    from shared.ops.both_ends import both_ends
    from shared.ops.settings import load
    from shared.run.loop import signalled
    from shared.run.serving import AddressTaken, Serving
    from shared.run.supervising import EndedUnexpectedly, Part, supervise
    from shared.upkeep.rounds import Rounds
    from shared.web import health

    settings, stop = load(), signalled()
    async with both_ends(service) as found:
        rounds = Rounds(found.database, found.store, found.broker, found.topic, after, pause)
        try:
            app = Starlette(routes=health.routes(service, {"reconciliation": rounds.check}))
            serving = Serving(app, settings.http_host, settings.http_port)
            typer.echo(f"comparing; metrics are at {serving.url}/metrics", err=True)
            http, work = Part("http", serving.run, serving.stop), Part("reconciliation", rounds.run, rounds.stop)
            await supervise([http, work], stop)
        except (AddressTaken, EndedUnexpectedly) as error:
            raise Failed(str(error)) from error


def _tell(report: "Report", as_json: bool) -> None:
    if as_json:
        json_line(
            {
                "done": True,
                "topic": report.topic,
                "partitions": report.partitions,
                "from": report.after + 1,
                "to": report.upto,
                "facts": report.facts,
                "on_topic": report.on_topic,
                "repeats": report.repeats,
                "beyond": report.beyond,
                "counts": report.counts,
                "differences": [one._asdict() for one in report.differences],
                "ranges": [{**one._asdict(), "differs": one.differs} for one in report.ranges],
            }
        )
        return
    words = "{0.topic}: of {0.facts} facts after {0.after} up to {0.upto}, {0.on_topic} in place, {0.repeats} repeats"
    typer.echo(words.format(report))
    if wrong := [one for one in report.ranges if one.differs]:
        table(("partition", "from", "to", "in the store", "on the topic", "hash", "hash on topic"), wrong)
    if report.differences:
        table(("what", "partition", "from", "to", "offset", "", "facts"), report.differences)
