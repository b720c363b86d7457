"""`luotsi state`: where a stream stood at any time, and what each fact changed about it."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.ops.printing import AsJson, Failed, OneService, WrongUse, json_out, table
from shared.ops.situations import Change, changes, in_words, leaves, situation_of
from shared.ops.times import ENDS, instant

if TYPE_CHECKING:
    from shared.core.decider import Decider
    from shared.core.event import Recorded
    from shared.core.service import Service

Stream = Annotated[str, typer.Argument(help="The stream; with --service, its name in front may be left out.")]


@dataclass(frozen=True, slots=True)
class Step:
    """One fact and the situation after it."""

    fact: "Recorded"
    situation: dict[str, Any]
    changed: Sequence[Change]


def state(
    stream: Stream,
    service: OneService = None,
    tenant: Annotated[str | None, typer.Option(help="The organisation, where several have such a stream.")] = None,
    at: Annotated[str | None, typer.Option(metavar="TIME", help=f"As it stood then. {ENDS}")] = None,
    version: Annotated[int | None, typer.Option(min=1, help="As it stood after its first so many facts.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell the situation of a stream, now or at any time, and what each fact changed.

    Example: luotsi state onboarding.journey-0195b1c0-0000-7000-8000-000000000007 --at 2027-03-01T12:00
    """
    from shared.ops.found import stream_of
    from shared.ops.settings import load

    if at is not None and version is not None:
        raise WrongUse("--at and --version both say when: give one of them")
    found, name = stream_of(stream, service)
    decider = found.decider_of_stream(name)
    if decider is None:
        kinds = ", ".join(one.kind for one in found.deciders)
        raise WrongUse(f"{name}: the streams of {found.name} are called <kind>-<id>, and the kinds are {kinds}")
    upto = instant(at, load().time_zone, "--at", day_ends=True)
    facts = asyncio.run(_facts(found, name, tenant))
    steps = list(_steps(decider, _until(facts, upto, version)))
    before = situation_of(decider.initial)
    _json(name, facts, steps, before) if as_json else _print(name, facts, steps, before)


async def _facts(found: "Service", stream: str, tenant: str | None) -> "list[Recorded]":
    from shared.ops.databases import database
    from shared.ops.settings import load
    from shared.store.store import EventStore

    async with database(load(), found) as opened:
        store = EventStore(opened, found.name)
        tenants = [tenant] if tenant is not None else await store.tenants_of(stream)
        if len(tenants) > 1:
            raise WrongUse(f"several organisations have a stream {stream}: say --tenant, {' or '.join(tenants)}")
        facts = [fact for one in tenants for fact in await store.stream(one, stream)]
    if not facts:
        raise Failed(f"there is no stream {stream}" + (f" of {tenant}" if tenant else ""))
    return facts


def _until(facts: "list[Recorded]", upto: datetime | None, version: int | None) -> "list[Recorded]":
    """Up to the first fact of a later time: what a policy or deadline asked may be earlier than the fact before it."""
    if upto is not None:
        return list(takewhile(lambda fact: fact.at <= upto, facts))
    if version is not None and version > len(facts):
        raise Failed(f"there is no version {version}: the newest is {len(facts)}")
    return facts[:version]


def _steps(decider: "Decider[Any, Any, Any]", facts: "Sequence[Recorded]") -> Iterator[Step]:
    from shared.store.codec import Codec

    codec, state = Codec(), decider.initial
    known = situation_of(state)
    for fact in facts:
        if (event := decider.event_types.get(fact.name)) is None:
            raise Failed(f"version {fact.version} is {fact.name}, which this release does not know")
        try:
            state = decider.evolve(state, codec.open(event.model_validate_json(fact.data), fact.tenant))
        except Exception as error:
            raise Failed(f"version {fact.version}, {fact.name}, cannot be folded: {error}") from error
        before, known = known, situation_of(state)
        yield Step(fact, known, tuple(changes(before, known)))


def _json(name: str, facts: "Sequence[Recorded]", steps: Sequence[Step], initial: dict[str, Any]) -> None:
    told = [
        {
            "version": step.fact.version,
            "name": step.fact.name,
            "at": step.fact.at,
            "actor": step.fact.actor,
            "changed": [asdict(change) for change in step.changed],
        }
        for step in steps
    ]
    situation = steps[-1].situation if steps else initial
    about = {"stream": name, "tenant": facts[0].tenant, "version": len(steps), "newest": len(facts)}
    json_out({**about, "situation": situation, "facts": told})


def _print(name: str, facts: "Sequence[Recorded]", steps: Sequence[Step], initial: dict[str, Any]) -> None:
    rows = [
        (
            step.fact.version,
            step.fact.at,
            step.fact.name.partition(".")[2],
            step.fact.actor,
            "\n".join(map(in_words, step.changed)) or "nothing that is remembered",
        )
        for step in steps
    ]
    table(("version", "when", "fact", "by", "what it changed"), rows, f"{name} of {facts[0].tenant}")
    when = f"after {len(steps)} of {len(facts)} facts"
    table(("field", "value"), list(leaves(steps[-1].situation if steps else initial)), f"As it stood {when}")
