"""The organisation that coaching's table of who may do what is tried on: something of everything, here and there."""

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from services.coaching.inbox.directory import PersonMovedTeam, SupervisorAppointed
from services.coaching.service import service
from shared.core.event import Event
from shared.testing.interleavings import Fact, history
from tests.coaching.cast import AINO, DANI, HANNA, MARKKU, ONNI, OTHER_TEAM, SANNA, TEAM, TUULA, at
from tests.coaching.conversation_streams import FORM_STREAM, told
from tests.coaching.evaluated import evaluated
from tests.coaching.learning_streams import PACKAGE_STREAM, ROLE_STREAM, ROUND_STREAM, joined, other_formed, team_formed
from tests.coaching.learnt import sparring_asked, sparring_booked, training_planned
from tests.coaching.people_matters import goal_set, issue_escalated, issue_raised, issue_taken_up, recognition_given
from tests.coaching.plans import plan_opened
from tests.coaching.sessions import action_agreed, session_booked
from tests.coaching.trainers import interest_expressed, pool_opened, seat, trainer_appointed
from tests.services.authorised import Caller, Organisation

KIM, CANDIDATE, STRANGER = UUID(int=8), UUID(int=9), UUID(int=99)
CALLERS = {
    "H": Caller(STRANGER, "H"),
    "M": Caller(STRANGER, "M"),
    "M here": Caller(STRANGER, "M", "tampere"),
    "M there": Caller(STRANGER, "M", "turku"),
    "S here": Caller(SANNA, "S"),
    "deputy here": Caller(DANI, "S"),
    "S there": Caller(HANNA, "S"),
    "S once here": Caller(MARKKU, "S"),
    "A aino": Caller(AINO, "A"),
    "A colleague": Caller(KIM, "A"),
    "A onni": Caller(ONNI, "A"),
    "T tuula": Caller(TUULA, "T"),
    "T": Caller(STRANGER, "T"),
    "P": Caller(STRANGER, "P"),
    "P here": Caller(STRANGER, "P", "tampere"),
    "N": Caller(STRANGER, "N"),
    "O": Caller(STRANGER, "O"),
    "C": Caller(CANDIDATE, "C"),
    "leader without the role": Caller(SANNA, "A"),
    "deputy without the role": Caller(DANI, "A"),
    "aino without a role": Caller(AINO, ""),
}


def leads(supervisor_id: UUID, since: date, team_id: UUID = TEAM, deputy_id: UUID | None = None) -> Event:
    return SupervisorAppointed(team_id=team_id, supervisor_id=supervisor_id, deputy_id=deputy_id, since=since)


def stream(kind: str, *facts: Event) -> tuple[Fact, ...]:
    """The stream that the first id in its first fact is the id of."""
    return history(f"coaching.{kind}-{next(iter(dict(facts[0]).values()))}", *facts)


def both(kind: str, *facts: Event, there: dict[str, Any]) -> list[tuple[Fact, ...]]:
    """These facts here, and once more with what is different there."""
    return [stream(kind, *facts), stream(kind, *told(facts, **there))]


TEAMS = (
    history(
        f"onboarding.team-{TEAM}",
        *(team_formed, leads(MARKKU, date(2026, 1, 1)), leads(SANNA, date(2027, 1, 1), deputy_id=DANI)),
    ),
    history(f"onboarding.team-{OTHER_TEAM}", other_formed, leads(HANNA, date(2027, 1, 1), OTHER_TEAM)),
)
PEOPLE = (
    history(f"onboarding.person-{AINO}", joined(AINO)),
    history(f"onboarding.person-{KIM}", joined(KIM)),
    history(f"onboarding.person-{TUULA}", joined(TUULA, OTHER_TEAM)),
    history(
        f"onboarding.person-{ONNI}",
        joined(ONNI),
        PersonMovedTeam(person_id=ONNI, to_team_id=OTHER_TEAM, from_day=date(2027, 3, 8)),
    ),
)
ANOTHER = UUID(int=401)
ONNIS = {"person_id": ONNI, "team_id": OTHER_TEAM}
OF_ONNI = {"employee_id": ONNI, "team_id": OTHER_TEAM}
(practice_raised,) = told((issue_raised,), about="practice", person_id=None)
CONVERSATIONS = (
    FORM_STREAM,
    *both("plan", plan_opened, there=ONNIS),
    *both("session", session_booked, there={"session_id": ANOTHER, "coach_id": TUULA, **OF_ONNI}),
    *both("action", action_agreed, there={"action_id": ANOTHER, "coach_id": TUULA, **OF_ONNI}),
    *both("goals", goal_set, there=ONNIS),
    *both("recognition", recognition_given, there={"recognition_id": ANOTHER, "public": False, **ONNIS}),
    stream("issue", practice_raised),
    stream(
        "issue",
        *told((practice_raised,), issue_id=ANOTHER, raiser_id=ONNI, team_id=OTHER_TEAM),
        *told((issue_escalated,), issue_id=ANOTHER, team_id=OTHER_TEAM),
    ),
    stream("issue", *told((issue_raised, issue_taken_up), issue_id=UUID(int=402), person_id=KIM)),
    stream(
        "issue", *told((issue_raised,), issue_id=UUID(int=403), person_id=TUULA, raiser_id=ONNI, team_id=OTHER_TEAM)
    ),
)
LEARNING = (
    *(ROLE_STREAM, ROUND_STREAM, PACKAGE_STREAM),
    *both("evaluation", evaluated, there={"evaluation_id": ANOTHER, "subject_id": ONNI, "team_id": OTHER_TEAM}),
    stream("pool", pool_opened, *told((interest_expressed,), person_id=AINO)),
    stream(
        "pool",
        *told((pool_opened, interest_expressed), pool_id=ANOTHER, **ONNIS),
        *told((interest_expressed, trainer_appointed), pool_id=ANOTHER, team_id=OTHER_TEAM),
    ),
    stream("training", *told((training_planned,), trainer=seat(KIM), participants=(seat(AINO),))),
    stream("sparring", *told((sparring_asked, sparring_booked), **OF_ONNI)),
)
STREAMS: Sequence[Sequence[Fact]] = (*TEAMS, *PEOPLE, *CONVERSATIONS, *LEARNING)
coaching = Organisation(
    service=service,
    table=tomllib.loads(Path(__file__).with_name("authorisation.toml").read_text()),
    callers=CALLERS,
    streams=STREAMS,
    named={"team_id": TEAM, "person_id": AINO, "employee_id": AINO, "subject_id": AINO, "evaluator_id": TUULA},
    whose={AINO: "here", KIM: "here", SANNA: "here", TEAM: "here", ONNI: "there", TUULA: "there", OTHER_TEAM: "there"},
    now=at(20),
    asked_for={"team-board": [{"team_id": str(TEAM)}, {"team_id": str(OTHER_TEAM)}]},
)
