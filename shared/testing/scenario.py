"""given(facts).when(command).then(facts): a decider's tests read like its rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Generic, Literal, TypeVar

from shared.core.decider import NOBODY, Asked, Command, Decider, Look, Rejected, Seen
from shared.core.event import Event

C = TypeVar("C", bound=Command)
S = TypeVar("S")
E = TypeVar("E", bound=Event)

SOME_MORNING = datetime(2027, 3, 1, 9, tzinfo=timezone(timedelta(hours=2)))
SOMEBODY = "00000000-0000-7000-8000-000000000000"

History = Sequence[Event]


@dataclass(frozen=True)
class Outcome(Generic[E]):
    facts: tuple[E, ...] = ()
    rejected: Rejected | None = None

    def then(self, *expected: E) -> None:
        assert self.rejected is None, f"expected facts, but the domain said: {self.rejected}"
        assert self.facts == expected

    def then_nothing(self) -> None:
        self.then()

    def then_rejected(self, code: str) -> None:
        assert self.rejected is not None, f"expected {code}, but it was decided: {self.facts}"
        assert self.rejected.code == code, f"expected {code}, but the domain said: {self.rejected}"


@dataclass(frozen=True)
class Scenario(Generic[C, S, E]):
    decider: Decider[C, S, E]
    history: tuple[E, ...] = ()

    def given(self, *facts: E) -> "Scenario[C, S, E]":
        return Scenario(self.decider, (*self.history, *facts))

    def when(
        self,
        command: C,
        *,
        at: datetime = SOME_MORNING,
        actor: object = SOMEBODY,
        by: Literal["person", "policy", "deadline"] = "person",
        **looked_up: History | Sequence[History],
    ) -> Outcome[E]:
        """`looked_up` are the facts of the streams that `look_ups` names; a name left out is an empty stream."""
        state = self.decider.fold(self.history)
        seen = _seen(self.decider.look_ups(command, state), looked_up)
        try:
            facts = tuple(self.decider.decide(command, state, seen, Asked(at, str(actor), by)))
        except Rejected as rejected:
            return _refused(command, rejected)
        self.decider.fold(facts, state)
        for fact in facts:
            assert type(fact).model_validate_json(fact.model_dump_json()) == fact, f"cannot be read again: {fact}"
        return Outcome(facts)


def _refused(command: Command, rejected: Rejected) -> Outcome[Any]:
    told = {*command.refused, *NOBODY}
    assert rejected.code in told, f"{type(command).__name__} does not say that it is refused as {rejected.code}"
    return Outcome(rejected=rejected)


def _seen(looks: Any, histories: dict[str, Any]) -> Seen:
    assert histories.keys() <= looks.keys(), f"not looked up: {sorted(histories.keys() - looks.keys())}"
    return Seen({name: _state(look, histories.get(name, ())) for name, look in looks.items()})


def _state(look: Look | Sequence[Look], history: Any) -> Any:
    if isinstance(look, Look):
        return look.decider.fold(history)
    histories = history or [()] * len(look)
    return [each.decider.fold(facts) for each, facts in zip(look, histories, strict=True)]
