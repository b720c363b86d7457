"""Whole streams around learning, with the mistakes that real ones have, for read models."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.coaching.events.evaluation import EvaluationEvent
from services.coaching.events.goals import GoalDropped, GoalProgressed, GoalReached, GoalSet
from services.coaching.events.plan import NeedMet, NeedRaised
from services.coaching.events.recognition import RecognitionGiven, RewardGranted
from services.coaching.inbox.directory import (
    PersonJoinedTeam,
    PersonLeft,
    PersonMovedTeam,
    SupervisorAppointed,
    TeamFormed,
)
from shared.core.event import Event
from shared.testing.interleavings import Fact, history
from tests.coaching.cast import (
    AINO,
    DANI,
    GOAL,
    HANNA,
    MONDAY,
    NEED,
    NUMBER_GOAL,
    ONNI,
    OTHER_NEED,
    OTHER_TEAM,
    SANNA,
    TEAM,
    TUULA,
    at,
)
from tests.coaching.evaluated import (
    EVALUATION,
    OTHER_EVALUATION,
    SELF_EVALUATION,
    appealed,
    evaluated,
    evaluation_voided,
    settled,
)
from tests.coaching.learnt import (
    GIVEN,
    PACKAGE,
    SPARRING,
    TRAINING,
    package_drafted,
    package_retired,
    participant_added,
    participant_dropped,
    sparring_asked,
    sparring_booked,
    sparring_cancelled,
    sparring_held,
    sparring_rated,
    sparring_returned,
    trainer_dropped,
    training_cancelled,
    training_held,
    training_planned,
)
from tests.coaching.trainers import (
    POOL,
    ROUND,
    announced,
    appointed,
    expressed,
    interest_declined,
    interest_expressed,
    interest_withdrawn,
    mapping_answered,
    mapping_asked,
    mapping_fell_due,
    pool_opened,
    round_closed,
    round_opened,
    rules_agreed,
    skill_confirmed,
    trainer_appointed,
    trainer_term_ended,
)
from tests.coaching.work import (
    PUBLISHED,
    ROLE,
    behaviour_removed,
    noting_removed,
    published,
    started,
    view_contributed,
)

OTHER = UUID(int=199)
THANKS = UUID(int=161)


def of(stream: str, *facts: Event, **fields: object) -> tuple[Fact, ...]:
    """The stream of these facts, each told with other fields."""
    return history(f"coaching.{stream}", *(fact.model_copy(update=fields) for fact in facts), at=at(15))


# The floor: Sanna leads, Dani stands in; Onni has moved, somebody has left

team_formed = TeamFormed(team_id=TEAM, name="Care", site="tampere", time_zone="Europe/Helsinki")
sanna_leads = SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=DANI, since=date(2027, 1, 1))
other_formed = TeamFormed(team_id=OTHER_TEAM, name="Sales", site="turku", time_zone="Europe/Helsinki")


def joined(person_id: UUID, team_id: UUID = TEAM) -> PersonJoinedTeam:
    return PersonJoinedTeam(person_id=person_id, team_id=team_id, role_code="agent", joined_on=MONDAY)


TEAM_STREAM = history(f"onboarding.team-{TEAM}", team_formed, sanna_leads)
OTHER_TEAM_STREAM = history(f"onboarding.team-{OTHER_TEAM}", other_formed)
AINO_STREAM = history(f"onboarding.person-{AINO}", joined(AINO))
TUULA_STREAM = history(f"onboarding.person-{TUULA}", joined(TUULA))
ONNI_STREAM = history(
    f"onboarding.person-{ONNI}",
    joined(ONNI),
    PersonMovedTeam(person_id=ONNI, to_team_id=OTHER_TEAM, from_day=date(2027, 3, 8)),
)
GONE_STREAM = history(
    f"onboarding.person-{HANNA}", joined(HANNA), PersonLeft(person_id=HANNA, team_id=TEAM, last_day=date(2027, 3, 1))
)
FLOOR = (TEAM_STREAM, OTHER_TEAM_STREAM, AINO_STREAM, TUULA_STREAM, ONNI_STREAM, GONE_STREAM)

# Good work, and how it is done

ROLE_STREAM = of(f"role-{ROLE}", *PUBLISHED, view_contributed, noting_removed, behaviour_removed)
OTHER_ROLE_STREAM = of(f"role-{OTHER}", started, *PUBLISHED[1:], published, role_id=OTHER)
EVALUATION_STREAM = of(f"evaluation-{EVALUATION}", evaluated, appealed, settled)
VOIDED_EVENTS: tuple[EvaluationEvent, ...] = (evaluated, appealed, evaluation_voided)
VOIDED_STREAM = of(f"evaluation-{OTHER_EVALUATION}", *VOIDED_EVENTS, evaluation_id=OTHER_EVALUATION)
SELF_STREAM = of(
    f"evaluation-{SELF_EVALUATION}", evaluated, evaluation_id=SELF_EVALUATION, purpose="self", evaluator_id=AINO
)

calm = GoalSet(
    person_id=AINO,
    goal_id=GOAL,
    kind="behaviour",
    title="Lets people finish",
    measure="Contacts in ten",
    unit="contacts",
    direction="up",
    baseline=Decimal(2),
    target=Decimal(8),
    behaviour_id=published.behaviours[0].behaviour_id,
    due_on=date(2027, 6, 30),
)
sales = calm.model_copy(update={"goal_id": NUMBER_GOAL, "kind": "number", "title": "Sales", "behaviour_id": None})
later_value = GoalProgressed(
    person_id=AINO, goal_id=GOAL, ref=UUID(int=1), value=Decimal(8), on=date(2027, 3, 20), source="session"
)
earlier_value = later_value.model_copy(update={"ref": UUID(int=2), "value": Decimal(5), "on": date(2027, 3, 18)})
GOALS_STREAM = history(
    f"coaching.goals-{AINO}",
    calm,
    sales,
    later_value,
    earlier_value,
    GoalReached(person_id=AINO, goal_id=GOAL, on=date(2027, 3, 20)),
    GoalDropped(person_id=AINO, goal_id=NUMBER_GOAL, reason="Another job now."),
)

# Skills and needs

ROUND_STREAM = of(f"round-{ROUND}", announced, round_opened, round_closed)
OTHER_ROUND_STREAM = of(f"round-{OTHER}", announced, round_closed, round_id=OTHER)
SKILLS_STREAM = of(
    f"skills-{TUULA}",
    mapping_asked,
    mapping_answered,
    skill_confirmed,
    mapping_answered.model_copy(update={"strengths": mapping_answered.strengths[:1]}),
    mapping_fell_due,
)
AINO_SKILLS_STREAM = of(
    f"skills-{AINO}", mapping_asked, skill_confirmed.model_copy(update={"level": 4}), person_id=AINO
)
need_raised = NeedRaised(person_id=AINO, team_id=TEAM, need_id=NEED, topic="listening", origin="self")
other_raised = need_raised.model_copy(update={"need_id": OTHER_NEED, "topic": "billing"})
need_met = NeedMet(person_id=AINO, need_id=OTHER_NEED, topic="billing", ref=TRAINING)
NEEDS_STREAM = history(f"coaching.plan-{AINO}", need_raised, other_raised, need_met)

# Trainers, what they teach, and what came of it

POOL_STREAM = of(
    f"pool-{POOL}",
    pool_opened,
    interest_expressed,
    expressed(AINO, date(2027, 3, 18), "billing"),
    interest_declined.model_copy(update={"person_id": AINO}),
    rules_agreed,
    trainer_appointed,
    expressed(ONNI, date(2027, 3, 19), "billing"),
    interest_withdrawn.model_copy(update={"person_id": ONNI}),
)
OTHER_POOL_STREAM = of(
    f"pool-{OTHER}",
    pool_opened,
    interest_expressed,
    trainer_appointed,
    trainer_term_ended,
    expressed(TUULA, date(2027, 7, 1)),
    appointed(term_no=2),
    pool_id=OTHER,
)
PACKAGE_STREAM = of(f"package-{PACKAGE}", *GIVEN, package_drafted.model_copy(update={"minutes": 45}))
OTHER_PACKAGE_STREAM = of(f"package-{OTHER}", *GIVEN, package_retired, package_id=OTHER)
TRAINING_STREAM = of(f"training-{TRAINING}", training_planned, participant_added, participant_dropped, training_held)
OTHER_TRAINING_STREAM = of(
    f"training-{OTHER}", training_planned, trainer_dropped, training_cancelled, training_id=OTHER
)
SPARRING_STREAM = of(
    f"sparring-{SPARRING}",
    sparring_asked,
    sparring_booked,
    sparring_returned,
    sparring_booked,
    sparring_held,
    sparring_rated,
)
OTHER_SPARRING_STREAM = of(f"sparring-{OTHER}", sparring_asked, sparring_cancelled, sparring_id=OTHER, employee_id=ONNI)
THANKS_STREAM = of(
    f"recognition-{THANKS}",
    RecognitionGiven(
        recognition_id=THANKS, person_id=TUULA, team_id=TEAM, kind="teaching", text="Patient as ever.", public=True
    ),
    RewardGranted(recognition_id=THANKS, person_id=TUULA, team_id=TEAM, reward="voucher", value_cents=2000),
)
