"""A play of several streams in memory: what policies ask is asked at once, nothing is stored."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import pytest

from services.onboarding.deciders.journey import journey
from services.onboarding.deciders.welcome import welcome
from services.onboarding.policies import POLICIES
from shared.core.decider import Asked, Command, Decider, Look, Rejected, Seen
from shared.core.event import Event, event_types
from tests.onboarding.plan import SANNA
from tests.services.envelopes import recorded

DECIDERS: tuple[Decider[Any, Any, Any], ...] = (journey, welcome)


class Play:
    """Both deciders over streams in memory; what our own policies ask is asked at once."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Event]] = defaultdict(list)

    def ask(self, command: Command, when: datetime, actor: object = SANNA, by: Any = "person") -> list[str]:
        (decider,) = (each for each in DECIDERS if isinstance(command, each.command_types))
        history = self.streams[decider.stream(command)]
        state = decider.fold(history)
        looks = decider.look_ups(command, state)
        seen = Seen({name: self._state(look) for name, look in looks.items()})
        told = []
        for fact in decider.decide(command, state, seen, Asked(when, str(actor), by)):
            history.append(fact)
            told += [type(fact).__name__, *self.hear(fact, when, len(history))]
        return told

    def hear(self, fact: Event, when: datetime, version: int = 1) -> list[str]:
        told = []
        for policy in POLICIES:
            if fact.event_name in event_types(policy.hears):
                for command in policy.ask(fact, recorded(fact, version)):
                    told += self.ask(command, when, f"policy:{policy.name}", "policy")
        return told

    def refused(self, command: Command, when: datetime, actor: object = SANNA) -> str:
        with pytest.raises(Rejected) as refusal:
            self.ask(command, when, actor)
        return refusal.value.code

    def newest(self, stream: str, name: str) -> Any:
        return next(fact for fact in reversed(self.streams[stream]) if type(fact).__name__ == name)

    def _state(self, look: Any) -> Any:
        assert isinstance(look, Look)
        return look.decider.fold(self.streams[look.stream])
