"""`luotsi groups`: who reads our topics, how far behind, and from where they are to read again."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.ops.brokers import admin_of, kafka_settings, topics_of
from shared.ops.printing import AsJson, Failed, OneService, ThisService, WrongUse, json_out, table
from shared.ops.times import BEGINS, instant

if TYPE_CHECKING:
    from kafka import KafkaAdminClient
    from kafka.structs import TopicPartition

    from shared.ops.settings import Settings

commands = typer.Typer(help="Looks after the consumer groups of our topics.", no_args_is_help=True)

Group = Annotated[str, typer.Argument(help="As `groups list` names it.")]


@commands.command("list")
def list_(service: OneService = None, as_json: AsJson = False) -> None:
    """Every group that has read one of our topics. Example: luotsi groups list --service onboarding"""
    settings = kafka_settings()
    with admin_of(settings) as admin:
        found = [_known(admin, group) for group in _offsets(admin, topics_of(settings, service))]
    if as_json:
        json_out(found)
    else:
        rows = [(one["group"], one["state"], len(one["members"]), " ".join(_who(one))) for one in found]
        table(("group", "state", "members", "who"), rows)


@commands.command()
def lag(service: OneService = None, as_json: AsJson = False) -> None:
    """Records not yet read, and how long the first of them has been there. Example: luotsi groups lag

    Offsets are a hint for tools: what our own listeners have applied is what their marks say (`luotsi status`).
    """
    settings = kafka_settings()
    with admin_of(settings) as admin:
        groups = _offsets(admin, topics_of(settings, service))
        ends = _ends(admin, {place for offsets in groups.values() for place in offsets})
    waiting = {(place, at) for offsets in groups.values() for place, at in offsets.items() if at < ends[place]}
    ages = asyncio.run(_ages(settings, sorted(waiting)))
    found = [
        {
            "group": group,
            "topic": place.topic,
            "partition": place.partition,
            "offset": at,
            "end": ends[place],
            "facts": max(0, ends[place] - at),
            "seconds": ages.get((place, at), 0.0),
        }
        for group, offsets in groups.items()
        for place, at in sorted(offsets.items())
    ]
    if as_json:
        json_out(found)
    else:
        table(
            ("group", "topic", "partition", "offset", "end", "facts", "seconds"), [tuple(one.values()) for one in found]
        )


@commands.command()
def reset(
    group: Group,
    service: ThisService,
    to_position: Annotated[int | None, typer.Option(min=1, help="The fact it is to read next.")] = None,
    to_time: Annotated[
        str | None, typer.Option(metavar="TIME", help=f"The first fact stored then or later. {BEGINS}")
    ] = None,
    earliest: Annotated[bool, typer.Option("--earliest", help="From the beginning.")] = False,
    latest: Annotated[bool, typer.Option("--latest", help="Only what is yet to come.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a group that has read the topic, and stands still, read on from elsewhere.

    Example: luotsi groups reset analysts --service onboarding --to-position 120000 --dry-run
    """
    from shared.ops.found import service as named

    if sum((to_position is not None, to_time is not None, earliest, latest)) != 1:
        raise WrongUse("say one of --to-position, --to-time, --earliest and --latest")
    settings = kafka_settings()
    topic, since = settings.topic_of(named(service).name), instant(to_time, settings.time_zone, "--to-time")
    with admin_of(settings) as admin:
        known = _known(admin, group)
        if known["members"]:
            raise Failed(f"{group} has members, stop them first: {', '.join(_who(known))}")
        old = _read_by(group, topic, _offsets(admin, [topic]))
        spec = "earliest" if earliest else "latest" if latest else None
        new = asyncio.run(_new(settings, service, topic, to_position, since, spec))
        if not dry_run:
            _set(admin, group, new)
    rows = [{"partition": place.partition, "old": old.get(place), "new": at} for place, at in sorted(new.items())]
    if as_json:
        json_out({"group": group, "topic": topic, "done": not dry_run, "offsets": rows})
    else:
        table(("partition", "old", "new"), [tuple(row.values()) for row in rows], f"{group} on {topic}")
        typer.echo("nothing was changed: it was a dry run" if dry_run else "done")


def _offsets(admin: "KafkaAdminClient", topics: Sequence[str]) -> "dict[str, dict[TopicPartition, int]]":
    """The committed offsets of every group that has any on these topics."""
    found = {}
    for group in sorted(one["group_id"] for one in admin.list_groups()):
        offsets = admin.list_group_offsets({group: None})[group]
        ours = {place: at.offset for place, at in offsets.items() if place.topic in topics and at.offset >= 0}
        if ours:
            found[group] = ours
    return found


def _read_by(
    group: str, topic: str, groups: "Mapping[str, Mapping[TopicPartition, int]]"
) -> "Mapping[TopicPartition, int]":
    """A reset would make a group of any name, and of a misspelt one without a word."""
    if group not in groups:
        raise WrongUse(f"there is no group {group} that has read {topic}; there is: {', '.join(groups) or 'none'}")
    return groups[group]


def _known(admin: "KafkaAdminClient", group: str) -> dict[str, Any]:
    known = admin.describe_groups([group])[group]
    members = [{"client": one["client_id"], "host": one["client_host"].strip("/")} for one in known["members"]]
    return {"group": group, "state": known["group_state"], "members": members}


def _who(known: Mapping[str, Any]) -> list[str]:
    return [f"{member['client']}@{member['host']}" for member in known["members"]]


def _ends(admin: "KafkaAdminClient", places: "set[TopicPartition]") -> "dict[TopicPartition, int]":
    from kafka.admin import OffsetSpec

    found = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST)) if places else {}
    return {place: at.offset for place, at in found.items()}


async def _ages(
    settings: "Settings", waiting: "Sequence[tuple[TopicPartition, int]]"
) -> "dict[tuple[TopicPartition, int], float]":
    """How many seconds ago the record at each of these places was stored."""
    from time import time

    from shared.ops.brokers import connected
    from shared.upkeep.reading import reading

    ages = {}
    async with connected(settings) as broker:
        for topic in sorted({place.topic for place, _ in waiting}):
            async with reading(broker, topic) as opened:
                for place, offset in waiting:
                    if place.topic == topic and (record := await opened.first(place.partition, offset)):
                        ages[place, offset] = round(max(0.0, time() - record.timestamp / 1000), 1)
    return ages


async def _new(
    settings: "Settings", service: str, topic: str, position: int | None, since: datetime | None, spec: str | None
) -> "dict[TopicPartition, int]":
    from kafka.structs import TopicPartition

    from shared.ops.brokers import connected
    from shared.upkeep.positions import Positions
    from shared.upkeep.reading import reading

    async with connected(settings) as broker, reading(broker, topic) as opened:
        if position is not None:
            offsets = await Positions(service).offsets_of(opened, position)
        elif since is not None:
            offsets = await opened.since(since)
        else:
            offsets = opened.begins if spec == "earliest" else opened.ends
    return {TopicPartition(topic, number): at for number, at in enumerate(offsets)}


def _set(admin: "KafkaAdminClient", group: str, offsets: "Mapping[TopicPartition, int]") -> None:
    from kafka.errors import NoError
    from kafka.structs import OffsetAndMetadata

    wanted = {place: OffsetAndMetadata(offset, "", -1) for place, offset in offsets.items()}
    answers = admin.alter_group_offsets(group, wanted)
    if refused := {place: error for place, error in answers.items() if error is not NoError}:
        place, error = next(iter(refused.items()))
        raise Failed(f"{group} was not reset on partition {place.partition}: {error.__name__}")
