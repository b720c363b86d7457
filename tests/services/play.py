"""A play of several streams in memory: what policies ask is asked at once, nothing is stored."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from shared.core.decider import Asked, Command, Decider, Rejected, Seen
from shared.core.event import Event, event_types
from shared.core.policy import Policy
from tests.services.envelopes import recorded


class Play:
    """These deciders over streams in memory; what these policies ask is asked at once, `twice` over if it is tried."""

    def __init__(
        self,
        deciders: Sequence[Decider[Any, Any, Any]],
        policies: Sequence[Policy],
        actor: object,
        *,
        twice: bool = False,
    ) -> None:
        self.streams: dict[str, list[Event]] = defaultdict(list)
        self._deciders, self._policies, self._actor, self._times = deciders, policies, actor, 2 if twice else 1

    def ask(self, command: Command, when: datetime, actor: object = None, by: Any = "person") -> list[str]:
        (decider,) = (each for each in self._deciders if isinstance(command, each.command_types))
        stream = decider.stream(command)
        history = self.streams[stream]
        state = decider.fold(history)
        looks = decider.look_ups(command, state)
        seen = Seen({name: self._seen(look) for name, look in looks.items()})
        told = []
        for fact in decider.decide(command, state, seen, Asked(when, str(actor or self._actor), by)):
            history.append(fact)
            told += [type(fact).__name__, *self.hear(fact, when, len(history), stream)]
        return told

    def hear(self, fact: Event, when: datetime, version: int = 1, stream: str = "a-stream") -> list[str]:
        told = []
        for policy in self._policies:
            if fact.event_name in event_types(policy.hears):
                for _ in range(self._times):
                    for command in policy.ask(fact, recorded(fact, version, when, stream)):
                        told += self._ask_by(policy, command, when)
        return told

    def _ask_by(self, policy: Policy, command: Command, when: datetime) -> list[str]:
        try:
            return self.ask(command, when, f"policy:{policy.name}", "policy")
        except Rejected as rejected:
            if not rejected.is_nothing_for_machines:
                raise
            return []

    def refused(self, command: Command, when: datetime, actor: object = None) -> str:
        with pytest.raises(Rejected) as refusal:
            self.ask(command, when, actor)
        return refusal.value.code

    def newest(self, stream: str, name: str) -> Any:
        return next(fact for fact in reversed(self.streams[stream]) if type(fact).__name__ == name)

    def _seen(self, look: Any) -> Any:
        if isinstance(look, Sequence):
            return [self._seen(each) for each in look]
        return look.decider.fold(self.streams[look.stream])
