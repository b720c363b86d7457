"""`luotsi replay`: facts sent once more, to a topic of one's choice."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.ops.printing import AsJson, Failed, ThisService, WrongUse, json_line
from shared.ops.times import BEGINS, ENDS, instant

if TYPE_CHECKING:
    from shared.ops.both_ends import BothEnds
    from shared.upkeep.replaying import Choice

Since = Annotated[str | None, typer.Option(metavar="TIME", help=f"Only what happened then or later. {BEGINS}")]
Until = Annotated[str | None, typer.Option(metavar="TIME", help=f"Only what happened before. {ENDS}")]


def replay(
    service: ThisService,
    to: Annotated[str | None, typer.Option(help="A topic that is there, with partitions enough.")] = None,
    to_live_topic: Annotated[bool, typer.Option("--to-live-topic", help="To the one everybody reads.")] = False,
    yes_to_live: Annotated[bool, typer.Option("--yes-to-live", help="Said a second time, else it is asked.")] = False,
    create: Annotated[bool, typer.Option("--create", help="Make the topic if it is missing.")] = False,
    name: Annotated[list[str] | None, typer.Option(help="Only facts of this name; several are possible.")] = None,
    stream_prefix: Annotated[str, typer.Option(help="Only streams that begin like this.")] = "",
    tenant: Annotated[str | None, typer.Option(help="Only of this organisation.")] = None,
    from_position: Annotated[int, typer.Option(min=1)] = 1,
    to_position: Annotated[int | None, typer.Option(min=1)] = None,
    since: Since = None,
    until: Until = None,
    rate: Annotated[float | None, typer.Option(min=0.1, help="At most so many facts a second.")] = None,
    as_json: AsJson = False,
) -> None:
    """Send facts again as the very records they are on the live topic, previous and partitions included.

    What ends it says from which position to go on.
    Example: luotsi replay --service onboarding --to trial.events --create --name onboarding.hire-welcomed --rate 500
    """
    from shared.ops.settings import load

    if (to is None) == (not to_live_topic):
        raise WrongUse("say where to: --to TOPIC, or --to-live-topic")
    zone = load().time_zone
    chosen = {
        "names": frozenset(name or ()),
        "stream_prefix": stream_prefix,
        "tenant": tenant,
        "since": instant(since, zone, "--since"),
        "until": instant(until, zone, "--until", day_ends=True),
    }
    span = from_position - 1, to_position
    done = asyncio.run(_replay(service, to, yes_to_live, create, span, chosen, rate, as_json))
    if as_json:
        json_line(done)
    else:
        typer.echo("{topic}: {facts} facts sent, of all up to {upto}".format_map(done))


async def _replay(
    service: str,
    to: str | None,
    sure: bool,
    create: bool,
    span: tuple[int, int | None],
    chosen: dict[str, Any],
    rate: float | None,
    as_json: bool,
) -> dict[str, Any]:
    from shared.ops.both_ends import both_ends
    from shared.upkeep.replaying import Choice

    async with both_ends(service, sending=True) as found:
        partitions, mark = await found.partitions()
        topic = to or found.topic
        if to is None:
            await _really_live(found, sure)
        else:
            _not_live(topic)
            await asyncio.to_thread(_there, topic, partitions, create)
        last = await found.store.head() if to else mark
        after, upto = span
        choice = Choice(after, last if upto is None else min(upto, last), **chosen)
        return await _sent(found, topic, partitions, choice, rate, as_json)


async def _sent(
    found: "BothEnds", topic: str, partitions: int, choice: "Choice", rate: float | None, as_json: bool
) -> dict[str, Any]:
    from shared.ops.progress import progress
    from shared.upkeep.replaying import Sent
    from shared.upkeep.replaying import replay as send

    sent = Sent(choice.after, 0)
    try:
        with progress(as_json) as shown:
            async for sent in send(found.store, partitions, found.broker, topic, choice, rate):
                shown("sending", sent.upto, choice.upto, facts=sent.facts)
    except BaseException:
        typer.echo(f"luotsi: {sent.facts} facts sent; go on with --from-position {sent.upto + 1}", err=True)
        raise
    return {"done": True, "topic": topic, "facts": sent.facts, "upto": max(sent.upto, choice.upto)}


async def _really_live(found: "BothEnds", sure: bool) -> None:
    """Repeats are dropped by marks, but only of what the topic holds: it must be whole as far as can be told."""
    import sys

    from shared.feed import lead as leading
    from shared.feed.comparison import Comparison

    if not sure:
        if not sys.stdin.isatty():
            raise WrongUse("every listener reads that topic: say --yes-to-live too")
        if typer.prompt(f"Every listener reads {found.topic}. Type its name to go on") != found.topic:
            raise WrongUse("that is not its name: nothing was sent")
    async with found.database.driver() as driver:
        lead = await leading.read(driver)
    assert lead is not None
    await Comparison(found.broker, found.topic, found.store, lead.lasts).hold(lead.partitions)


def _not_live(topic: str) -> None:
    from shared.ops.brokers import kafka_settings, topics_of

    if topic in topics_of(kafka_settings(), None):
        raise WrongUse(f"{topic} is a live topic: its relay alone writes to it (--to-live-topic, for a service's own)")


def _there(topic: str, partitions: int, create: bool) -> None:
    """A fact keeps its partition, so that its record says the truth."""
    from shared.ops.brokers import admin_of, kafka_settings, new_topic

    settings = kafka_settings()
    with admin_of(settings) as admin:
        if topic not in admin.list_topics():
            if not create:
                raise Failed(f"there is no topic {topic}: --create makes it")
            admin.create_topics({topic: new_topic(settings, partitions)}, wait_for_metadata=True)
        elif (there := len(admin.describe_topics([topic])[0]["partitions"])) < partitions:
            raise Failed(f"{topic} has {there} partitions, and facts lie on {partitions}")
