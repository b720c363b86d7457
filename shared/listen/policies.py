"""Policies as a listener: each fact's commands are asked before the mark's lock is taken.

The commands have the same ids on every delivery, so a second worker, a crash and a repeat change nothing.
"""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from shared.core.decider import Asked
from shared.core.event import event_types
from shared.core.policy import Policy
from shared.core.service import Service
from shared.listen import parking
from shared.listen.decode import Decoder, Heard, Stretch
from shared.listen.parking import Parking, StreamKey
from shared.listen.part import Again, passes
from shared.listen.place import Place, Retried
from shared.store.answers import Askable, Request
from shared.store.database import Database, Driver
from shared.telemetry.metrics import POLICIES_ASKED
from shared.telemetry.traces import span

POLICIES = "policies"
AT_ONCE = 512  # two groups of the store: one is with the database while the other's answers are gone on with

_KNOWN = "select policy from policies_known"

Answers = dict[tuple[str, int], str | None]  # (source, position): what went wrong, None for handled


async def known_policies(driver: Driver) -> frozenset[str]:
    """The policies that stand where the listener `policies` stands."""
    return frozenset(name for (name,) in await driver.fetch(_KNOWN))


class Asking:
    """Asks the desk what policies make of facts: of one stream in order, of different streams at once."""

    def __init__(self, service: str, policies: Sequence[Policy], desk: Askable) -> None:
        self._service, self._desk = service, desk
        self._by_name: dict[str, list[Policy]] = {}
        for policy in policies:
            for name in event_types(policy.hears):
                self._by_name.setdefault(name, []).append(policy)

    async def ask(self, facts: Sequence[Heard], policies: Collection[str]) -> Answers:
        """Raises what is transient, when everything under way has come to its end."""
        streams: dict[StreamKey, list[Heard]] = {}
        for heard in facts:
            streams.setdefault(parking.key_of(heard.recorded), []).append(heard)
        answers: Answers = {}
        left = iter(streams.values())
        asked = [self._ask_streams(left, policies, answers) for _ in range(min(AT_ONCE, len(streams)))]
        for outage in await asyncio.gather(*asked, return_exceptions=True):
            if outage is not None:
                raise outage
        return answers

    async def _ask_streams(self, left: Iterator[list[Heard]], policies: Collection[str], answers: Answers) -> None:
        """One stream after the other, as long as there are any that nobody has begun."""
        for facts in left:
            for heard in facts:
                place = heard.recorded.source, heard.recorded.position
                try:
                    await self._ask_all(heard, policies)
                except Exception as error:
                    if passes(error):
                        raise
                    answers[place] = parking.words_of(error)
                    break  # what follows in the stream is parked behind it, unasked
                answers[place] = None

    async def _ask_all(self, heard: Heard, policies: Collection[str]) -> None:
        recorded, event, error = heard
        if error is not None:
            raise error
        for policy in self._by_name.get(recorded.name, ()):
            if policy.name not in policies:
                continue
            for number, command in enumerate(policy.ask(event, recorded)):
                with span(f"policy {policy.name}", recorded.traceparent, "consumer") as traceparent:
                    request = Request(
                        recorded.tenant,
                        Asked(recorded.at, f"policy:{policy.name}", "policy"),
                        command_id=policy.command_id(recorded.id, number),
                        correlation_id=recorded.correlation_id,
                        causation_id=recorded.id,
                        traceparent=traceparent,
                    )
                    receipt = await self._desk.ask(command, request)
                _counter(self._service, policy.name, receipt.answer).inc()


class Answered:
    """The part under the lock: parks what went wrong, and makes sure that nothing was left unasked."""

    def __init__(self, answers: Answers, policies: Collection[str]) -> None:
        self._answers, self._policies = answers, policies

    async def apply(self, driver: Driver, facts: Sequence[Heard], blocked: set[StreamKey]) -> list[Parking]:
        if await known_policies(driver) != self._policies:
            raise Again
        parked = []
        for recorded, _, _ in facts:
            key = parking.key_of(recorded)
            if key in blocked:
                parked.append(Parking(recorded, None))
                continue
            place = recorded.source, recorded.position
            if place not in self._answers:
                raise Again
            if (error := self._answers[place]) is not None:
                blocked.add(key)
                parked.append(Parking(recorded, error))
        return parked


class PolicyListener:
    """All policies of a service that stand at the same marks: those that are known, or one newcomer by itself."""

    def __init__(self, service: Service, database: Database, desk: Askable, newcomer: Policy | None = None) -> None:
        self.newcomer = newcomer
        policies = service.policies if newcomer is None else [newcomer]
        events = {name for policy in policies for name in event_types(policy.hears)}
        name = POLICIES if newcomer is None else name_of(newcomer.name)
        self.place = Place(database, service.name, name, events)
        self._asking = Asking(service.name, policies, desk)

    async def take(self, stretches: Sequence[Stretch]) -> None:
        while True:
            async with self.place.database.driver() as driver:
                known = await known_policies(driver)
                if self.newcomer is not None and self.newcomer.name in known:
                    return None  # it has joined the others, who are handed the same
                new = await self.place.look(driver, stretches)
            facts = [heard for heard in new.facts if parking.key_of(heard.recorded) not in new.blocked]
            answers = await self._asking.ask(facts, self._acting(known))
            try:
                return await self.place.move(stretches, Answered(answers, known))
            except Again:
                continue

    async def retry(self, key: StreamKey, decoder: Decoder, most: int | None = None) -> Retried:
        while True:
            async with self.place.database.driver() as driver:
                known = await known_policies(driver)
                waiting = await parking.shown(driver, self.place.listener, key)
            facts = [decoder.read(fact.recorded) for fact in waiting[:most]]
            answers = await self._asking.ask(facts, self._acting(known))
            try:
                return await self.place.retry(key, Answered(answers, known), decoder, most)
            except Again:
                continue

    def _acting(self, known: frozenset[str]) -> Collection[str]:
        return known if self.newcomer is None else {self.newcomer.name} - known


def name_of(policy: str) -> str:
    """Of the listener of one that stands by itself."""
    return f"{POLICIES}.{policy}"


_counter = cache(POLICIES_ASKED.labels)
