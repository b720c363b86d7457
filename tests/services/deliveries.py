"""Policies in the face of any order: what they make of facts must not hang on which stream came first, or how often.

Commands are asked as the kit asks them: under an id made of policy, fact and number, which is answered once. Each is
asked a second time without that id at once, where it must find nothing left to do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.core.decider import Command, Rejected
from shared.core.event import Event, event_types
from shared.core.policy import Policy
from shared.core.service import Service
from shared.testing.interleavings import Fact, interleavings
from tests.services.play import Play

Streams = Mapping[str, Sequence[Event]]
Told = Mapping[str, set[str]]


@dataclass(frozen=True)
class Hearing:
    """These policies hear these streams, where `there` stands in the service's own streams already."""

    policies: Sequence[str]
    streams: Sequence[Sequence[Fact]]
    there: Streams


class Deliveries:
    def __init__(self, service: Service, hearing: Hearing) -> None:
        self.play = Play(service.deciders, (), "nobody")
        self.play.streams.update({stream: list(facts) for stream, facts in hearing.there.items()})
        self._policies = [policy for policy in service.policies if policy.name in hearing.policies]
        self._answered: set[UUID] = set()

    def hear(self, fact: Fact) -> None:
        for policy in self._policies:
            if fact.recorded.name in event_types(policy.hears):
                for number, command in enumerate(policy.ask(*fact)):
                    self._ask(policy, policy.command_id(fact.recorded.id, number), command, fact)

    def _ask(self, policy: Policy, command_id: UUID, command: Command, fact: Fact) -> None:
        if command_id in self._answered:
            return
        self._answered.add(command_id)
        asked = fact.recorded.at, f"policy:{policy.name}", "policy"
        try:
            self.play.ask(command, *asked)
            assert self.play.ask(command, *asked) == [], f"{policy.name}: {command} is not harmless twice"
        except Rejected as refused:
            if not refused.is_nothing_for_machines:
                raise

    def told(self) -> Told:
        """By stream, which facts stand there and what they are about."""
        return {stream: set(map(about, facts)) for stream, facts in self.play.streams.items() if facts}


def about(fact: Event) -> str:
    """Whose team it was then, and who coached, may hang on what was heard by then."""
    ids = {name: value for name, value in fact if name.endswith("_id") and name not in ("team_id", "coach_id")}
    return f"{type(fact).__name__} {ids}"


def heard(service: Service, hearing: Hearing, facts: Iterable[Fact]) -> Told:
    deliveries = Deliveries(service, hearing)
    for fact in facts:
        deliveries.hear(fact)
    return deliveries.told()


def again(facts: Sequence[Fact], back: Sequence[int]) -> list[Fact]:
    """The facts, where after some of them a stream is brought once more from further back: at least once, in order."""
    told: list[Fact] = []
    for place, fact in enumerate(facts):
        told.append(fact)
        same = [each for each in facts[: place + 1] if each.recorded.stream == fact.recorded.stream]
        told += same[len(same) - min(back[place], len(same)) :]
    return told


def assert_any_delivery(service: Service, hearing: Hearing, examples: int = 200) -> None:
    """The same comes of every interleaving, however often each fact is brought."""
    in_turn = [fact for stream in hearing.streams for fact in stream]
    expected = heard(service, hearing, in_turn)
    assert expected != heard(service, hearing, ()), "nothing came of it"

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(interleavings(hearing.streams), st.lists(st.integers(0, 3), min_size=len(in_turn), max_size=len(in_turn)))
    def same_facts(facts: list[Fact], back: list[int]) -> None:
        assert heard(service, hearing, again(facts, back)) == expected

    same_facts()
