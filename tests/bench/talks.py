"""Facts of made-up coaching: the plans of many people, the journeys of hires, and a session held with everybody."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from shared.core.event import Event, Recorded
from shared.testing.interleavings import history
from tests.coaching.plans import plan_opened
from tests.coaching.sessions import agreed, session_held
from tests.onboarding.aino import IN_FIRST_RESPONSE

HIRES = 5  # one of so many is a hire in the second stage


def person(number: int) -> UUID:
    return UUID(int=(7 << 76) + number)


def plans(people: int) -> list[Recorded]:
    """Everybody's plan, in coaching's store."""
    opened = (plan_opened.model_copy(update={"person_id": person(number)}) for number in range(people))
    return _in_order(history(f"coaching.plan-{each.person_id}", each)[0].recorded for each in opened)


def journeys(people: int) -> list[Recorded]:
    """The journeys of the hires, in onboarding's store."""
    return _in_order(
        fact.recorded
        for hire in map(person, range(0, people, HIRES))
        for fact in history(f"onboarding.journey-{hire}", *(_of(hire, event) for event in IN_FIRST_RESPONSE))
    )


def _of(hire: UUID, event: Event) -> Event:
    return event.model_copy(update={"person_id": hire})


def held(people: int, after: int) -> list[Recorded]:
    """A session with everybody, with one action agreed, to follow in coaching's store."""
    return _in_order((_held(number) for number in range(people)), after)


def _held(number: int) -> Recorded:
    session_id = UUID(int=(8 << 76) + number)
    action = agreed.model_copy(update={"action_id": UUID(int=(6 << 76) + number)})
    told = {"session_id": session_id, "employee_id": person(number), "actions": (action,)}
    nothing = {"needs": (), "reviewed": (), "progress": (), "passed_on": (), "messages": ()}
    return history(f"coaching.session-{session_id}", session_held.model_copy(update=told | nothing))[0].recorded


def _in_order(facts: Iterator[Recorded] | Sequence[Recorded], after: int = 0) -> list[Recorded]:
    return [fact._replace(position=position) for position, fact in enumerate(facts, after + 1)]
