"""`luotsi demo`: the platform on this machine, and a story played on it by HTTP.

The story knows the domain, so it is no part of the kit: it is looked for by name when the verb is used.
"""

import asyncio
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.ops.printing import AsJson, Failed, NotReachable, WrongUse, called, json_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from shared.embedded.roads import MakeRoad
    from shared.ops.settings import Settings

_STORY = "demo.main"

OverKafka = Annotated[bool, typer.Option("--kafka", help="Over Kafka: LUOTSI_KAFKA's, else one in a container.")]


def demo(kafka: OverKafka = False, as_json: AsJson = False) -> None:
    """Start the platform in a folder of its own, play the story and show what came of it.

    What was added to the last one is moved aside, and kept.
    Example: luotsi demo --kafka
    """
    from time import monotonic

    from shared.ops.settings import load
    from shared.run.loop import run_until_done
    from shared.run.serving import url_of
    from shared.telemetry import logs

    given = load()
    if not given.embedded:
        raise WrongUse("LUOTSI_DSN is set: the demo plays on a database of its own and on no other")
    logs.configure("warning", given.log_format)
    folder, port = given.data_dir / "demo", given.http_port or 8000
    settings = given.model_copy(update={"data_dir": folder, "http_port": 0})
    began = monotonic()
    story = _story()
    with _road_over_kafka(settings, story) if kafka else nullcontext() as make_road:
        played = run_until_done(_demo(settings, story, make_road, as_json))
    seconds = round(monotonic() - began, 1)
    if as_json:
        json_out({**played, "seconds": seconds, "data_dir": folder})
    else:
        typer.echo(f"It took {seconds} s.")
        _look_around(folder, url_of(given.http_host, port), port, story)


def _look_around(folder: "Path", url: str, port: int, story: Any) -> None:
    """Lines that can be pasted as they are."""
    typer.echo(f"It can be kept running: {called()} up --data-dir {folder} --port {port}")
    token = f"LUOTSI_DATA_DIR={folder} {called()} token {story.TOKEN}"
    typer.echo(f"Then look at it: curl -s '{url}{story.LOOK}' -H \"Authorization: Bearer $({token})\"")


async def _demo(settings: "Settings", story: Any, make_road: "MakeRoad | None", as_json: bool) -> dict[str, Any]:
    from datetime import timedelta

    from shared.core.clock import MovableClock
    from shared.embedded.roads import StoreRoad
    from shared.ops.embedded import keep_clock, running
    from shared.ops.played import begin_anew, note_end
    from shared.ops.token import secret, tokens_of

    before = await asyncio.to_thread(begin_anew, settings.data_dir)
    if before is not None:
        typer.echo(f"More than an untouched story was in {settings.data_dir}: it is kept, in {before}", err=True)
    clock = MovableClock()
    tokens = tokens_of(settings, secret(settings))

    def issue(person: str, tenant: str, roles: "Iterable[str]", site: str | None = None) -> str:
        return tokens.issue(person, tenant, roles, site=site, lifetime=timedelta(days=1))

    async with running(settings, clock, make_road or StoreRoad) as platform:
        try:
            played: dict[str, Any] = await platform.during(story.play(platform.url, issue, as_json=as_json))
        except story.NotAsTold as error:
            raise Failed(str(error)) from None
        finally:
            await note_end(settings.data_dir)
    keep_clock(settings.data_dir, clock)
    return {**played, "before": before}


@contextmanager
def _road_over_kafka(settings: "Settings", story: Any) -> "Iterator[MakeRoad]":
    """On topics that are made for this demo, and taken away after it."""
    from functools import partial
    from uuid import uuid4

    from shared.embedded.roads import KafkaRoad
    from shared.ops.brokers import own_topics

    try:
        with nullcontext(settings.kafka) if settings.kafka else story.boxed_kafka() as bootstrap:
            prefix = f"{settings.topic_prefix}demo-{uuid4().hex[:8]}."
            with own_topics(settings.model_copy(update={"kafka": bootstrap, "topic_prefix": prefix})):
                yield partial(KafkaRoad, bootstrap, prefix)
    except story.NoBroker as error:
        raise NotReachable(str(error)) from None


def _story() -> Any:
    from importlib import import_module

    try:
        return import_module(_STORY)
    except ModuleNotFoundError as error:
        if error.name not in ("demo", _STORY):
            raise
        raise WrongUse("the story is not installed here: it comes with the source") from error
