"""Whenever something has happened around learning, what coaching asks of itself."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from services.coaching.deciders.plan import MeetNeeds, RaiseNeed, plan
from services.coaching.deciders.pool import ExpressInterest, pool
from services.coaching.deciders.skills import skills
from services.coaching.deciders.sparring import ReturnSparring, sparring
from services.coaching.deciders.training import DropParticipant, training
from services.coaching.events.shapes import NeedRef
from services.coaching.events.skills import Strength
from services.coaching.inbox.scheduling import ActivityDisplaced
from services.coaching.policies import POLICIES
from shared.core.decider import Asked, Command, Decider, Seen
from shared.core.event import Event, event_types
from shared.core.ids import derive
from tests.coaching.cast import AINO, NEED, ONNI, TEAM, TUULA, at
from tests.coaching.evaluated import EVALUATION, evaluated
from tests.coaching.learnt import (
    SPARRING,
    TRAINING,
    participant_dropped,
    sparring_asked,
    sparring_booked,
    sparring_held,
    sparring_returned,
    training_planned,
)
from tests.coaching.trainers import (
    ASKED_ON,
    POOL,
    ROUND,
    SERVING,
    ask,
    interest_expressed,
    mapping_answered,
    mapping_asked,
    pool_opened,
    round_opened,
)
from tests.services.envelopes import recorded

displaced = ActivityDisplaced(
    activity_id=UUID(int=151), person_id=ONNI, kind="training", ref=str(TRAINING), cause="absence", cause_ref="a"
)
sparring_displaced = displaced.model_copy(update={"kind": "sparring", "ref": str(SPARRING)})


def asked(policy: str, event: Event) -> Sequence[Command]:
    (found,) = (each for each in POLICIES if each.name == policy)
    assert event.event_name in event_types(found.hears)
    return found.ask(event, recorded(event))


def decided(decider: Decider[Any, Any, Any], history: Sequence[Event], command: Command) -> tuple[Event, ...]:
    """What a policy's command comes to on a stream with this history."""
    return tuple(decider.decide(command, decider.fold(history), Seen({}), Asked(at(30), "policy:it", "policy")))


def test_a_low_scale_is_a_need() -> None:
    need_id = derive("need", EVALUATION, "stress-tolerance")
    (raise_need,) = asked("need-from-evaluation", evaluated)
    assert raise_need == RaiseNeed(
        person_id=AINO, need_id=need_id, topic="stress-tolerance", origin="evaluation", origin_ref=EVALUATION
    )
    (raised,) = decided(plan, [], raise_need)
    assert decided(plan, [raised], raise_need) == ()


@pytest.mark.parametrize("fields", [{"subject": "candidate"}, {"purpose": "calibration"}, {"low_scales": ()}])
def test_candidates_and_calibrations_have_no_needs(fields: dict[str, Any]) -> None:
    assert asked("need-from-evaluation", evaluated.model_copy(update=fields)) == []


def test_what_somebody_would_like_to_learn_is_a_need() -> None:
    need_id = derive("need", ROUND, TUULA, "sales-closing")
    (raise_need,) = asked("need-from-mapping", mapping_answered)
    assert raise_need == RaiseNeed(
        person_id=TUULA, need_id=need_id, topic="sales-closing", origin="mapping", origin_ref=ROUND
    )
    again = mapping_answered.model_copy(update={"answered_on": at(18).date()})
    assert asked("need-from-mapping", again) == [raise_need], "told anew, it is the same need"


def test_a_displaced_sparring_is_returned() -> None:
    (command,) = asked("return-sparring", sparring_displaced)
    assert command == ReturnSparring(sparring_id=SPARRING, cause="absence")
    assert decided(sparring, [sparring_asked, sparring_booked], command) == (sparring_returned,)
    assert decided(sparring, [sparring_asked, sparring_booked, sparring_returned], command) == ()


def test_who_is_displaced_is_dropped_from_the_training() -> None:
    (command,) = asked("drop-participant", displaced)
    assert command == DropParticipant(training_id=TRAINING, person_id=ONNI)
    assert decided(training, [training_planned], command) == (participant_dropped,)
    assert decided(training, [training_planned, participant_dropped], command) == ()


@pytest.mark.parametrize("fields", [{"kind": "coaching"}, {"ref": "planned by hand"}])
def test_other_activities_are_nobodys_training_or_sparring(fields: dict[str, str]) -> None:
    assert asked("drop-participant", displaced.model_copy(update=fields)) == []
    assert asked("return-sparring", sparring_displaced.model_copy(update=fields)) == []


def test_a_sparring_for_a_need_meets_it() -> None:
    need = NeedRef(need_id=NEED, topic="listening")
    meet = MeetNeeds(person_id=AINO, needs=(need,), ref=SPARRING)
    assert asked("meet-need-by-sparring", sparring_held) == [meet]
    assert asked("meet-need-by-sparring", sparring_held.model_copy(update={"need_id": None})) == []


def test_everybody_in_a_round_is_asked_once() -> None:
    commands = asked("ask-for-mapping", round_opened)
    assert commands == [ask, ask.model_copy(update={"person_id": AINO})]
    assert decided(skills, [mapping_asked], commands[0]) == ()


def test_who_would_like_to_train_others_is_queued() -> None:
    (express,) = asked("queue-interest", mapping_answered)
    assert express == ExpressInterest(pool_id=POOL, person_id=TUULA, team_id=TEAM, topics=("listening",), on=ASKED_ON)
    assert decided(pool, [pool_opened], express) == (interest_expressed,)
    assert decided(pool, [pool_opened, interest_expressed], express) == ()
    assert decided(pool, SERVING, express) == ()


def test_as_many_topics_wait_as_can_be_taught() -> None:
    thirty = tuple(f"topic-{number}" for number in range(30))
    strengths = tuple(Strength(skill=topic, level=4, can_teach=True) for topic in thirty)
    taught = mapping_answered.model_copy(update={"strengths": strengths, "teachable": thirty})
    (express,) = asked("queue-interest", taught)
    assert isinstance(express, ExpressInterest)
    assert express.topics == thirty


@pytest.mark.parametrize("fields", [{"trainer_interest": False}, {"teachable": ()}])
def test_who_cannot_or_would_not_teach_is_not_queued(fields: dict[str, Any]) -> None:
    assert asked("queue-interest", mapping_answered.model_copy(update=fields)) == []
