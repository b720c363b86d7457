"""Several streams around learning at once, with what coaching's own policies ask of them."""

from datetime import date
from uuid import UUID

import pytest

from services.coaching.deciders.evaluation import RecordEvaluation
from services.coaching.deciders.plan import MeetNeeds
from services.coaching.deciders.pool import EndTerm
from services.coaching.deciders.round import OpenRound
from services.coaching.deciders.skills import FlagMappingDue
from services.coaching.inbox.directory import PersonJoinedTeam
from services.coaching.inbox.scheduling import ActivityDisplaced
from services.coaching.policies import POLICIES
from services.coaching.service import service
from shared.core.ids import derive
from tests.coaching.cast import AINO, DANI, HANNA, MONDAY, SANNA, TEAM, TUULA, at, changed
from tests.coaching.evaluated import EVALUATION, record
from tests.coaching.learnt import (
    SPARRING,
    TRAINING,
    ask_sparring,
    book_sparring,
    draft,
    hold_sparring,
    join,
    plan_training,
    publish_package,
    rate_sparring,
)
from tests.coaching.trainers import (
    POOL,
    ROUND,
    TERM_ENDS,
    agree,
    announce,
    answer,
    appoint,
    express,
    open_pool,
)
from tests.coaching.work import PUBLISHED, ROLE
from tests.services.play import Play

NEED = derive("need", EVALUATION, "stress-tolerance")


@pytest.fixture(params=[False, True], ids=["once", "every command asked twice"])
def play(request: pytest.FixtureRequest) -> Play:
    """Hanna's pool and round are known, the role is published, and Aino and Tuula are coached."""
    play = Play(service.deciders, POLICIES, HANNA, twice=request.param)
    play.streams[f"coaching.role-{ROLE}"] = list(PUBLISHED)
    for person_id in (AINO, TUULA):
        joined = PersonJoinedTeam(person_id=person_id, team_id=TEAM, role_code="agent", joined_on=MONDAY)
        assert play.hear(joined, at(1)) == ["PlanOpened"]
    assert play.ask(open_pool, at(3)) == ["PoolOpened"]
    assert play.ask(announce, at(3)) == ["RoundAnnounced"]
    assert play.ask(agree, at(3)) == ["PoolRulesAgreed"]
    return play


def becomes_trainer(play: Play) -> None:
    assert play.ask(OpenRound(round_id=ROUND), at(17, 8), by="deadline") == ["RoundOpened", *["MappingAsked"] * 2]
    assert play.ask(answer, at(17), TUULA) == ["MappingAnswered", "NeedRaised", "InterestExpressed"]
    assert play.ask(appoint, at(22), SANNA) == ["TrainerAppointed"]


def test_a_round_finds_trainers_and_needs(play: Play) -> None:
    becomes_trainer(play)
    raised = play.newest(f"coaching.plan-{TUULA}", "NeedRaised")
    assert (raised.topic, raised.origin, raised.origin_ref) == ("sales-closing", "mapping", ROUND)
    assert play.refused(express, at(17), TUULA) == "already-serving"
    anew = changed(answer, needs=("sales-closing", "crm-search"))
    assert play.ask(anew, at(23), TUULA) == ["MappingAnswered", "NeedRaised"], "one need is new, and she serves"
    late = FlagMappingDue(person_id=TUULA, due_on=date(2027, 9, 16))
    assert play.ask(late, at(16, 18, month=9), by="deadline") == [], "she has answered since"


def test_a_low_scale_becomes_a_need_that_a_sparring_meets(play: Play) -> None:
    becomes_trainer(play)
    assert play.ask(record, at(15), DANI) == ["EvaluationRecorded", "NeedRaised"]
    asked = changed(ask_sparring, skill="listening", need_id=NEED)
    assert play.ask(asked, at(23), AINO) == ["SparringAsked"]
    assert play.ask(book_sparring, at(23), TUULA) == ["SparringBooked"]
    assert play.ask(hold_sparring, at(30, 11), TUULA) == ["SparringHeld", "NeedMet"]
    assert play.newest(f"coaching.plan-{AINO}", "NeedMet").ref == SPARRING
    assert play.ask(rate_sparring, at(30, 12), AINO) == ["SparringRated"]
    met = MeetNeeds(person_id=AINO, needs=({"need_id": NEED, "topic": "stress-tolerance"},), ref=TRAINING)
    assert play.ask(met, at(31)) == []


def test_who_is_away_is_missed_in_trainings_and_sparrings(play: Play) -> None:
    becomes_trainer(play)
    for command in (draft, join, publish_package, plan_training, ask_sparring, book_sparring):
        assert len(play.ask(command, at(23))) == 1
    away = ActivityDisplaced(
        activity_id=UUID(int=1), person_id=TUULA, kind="sparring", ref=str(SPARRING), cause="absence", cause_ref="1"
    )
    assert play.hear(away, at(29)) == ["SparringReturned"]
    assert play.ask(changed(book_sparring, starts_at=at(31, 10)), at(29)) == ["SparringBooked"]
    assert play.hear(away.model_copy(update={"kind": "training", "ref": str(TRAINING)}), at(29)) == [
        "ParticipantDropped"
    ]
    assert play.newest(f"coaching.training-{TRAINING}", "ParticipantDropped").participant.person_id == TUULA


def test_a_term_passes_on_and_the_next_wait_begins(play: Play) -> None:
    becomes_trainer(play)
    rotation = EndTerm(pool_id=POOL, person_id=TUULA, reason="rotation", on=TERM_ENDS)
    assert play.ask(rotation, at(20, 18, month=9), by="deadline") == ["TrainerTermEnded"]
    assert play.ask(rotation, at(20, 18, month=9), by="deadline") == []
    again = changed(express, on=date(2027, 9, 21))
    assert play.ask(again, at(21, month=9), TUULA) == ["InterestExpressed"]


def test_a_need_is_kept_before_there_is_a_plan(play: Play) -> None:
    unknown: RecordEvaluation = changed(record, subject_id=UUID(int=77))
    assert play.ask(unknown, at(15), DANI) == ["EvaluationRecorded", "NeedRaised"], "heard before the plan is opened"
