"""What good work is in one role, as commands and facts: two phases of the work, two scales that count."""

from decimal import Decimal
from uuid import UUID

from services.coaching.deciders.role import (
    ContributeView,
    DefineBehaviour,
    PublishRole,
    RecordWorkPhase,
    RemoveBehaviour,
    RemoveWorkPhase,
    StartRoleDefinition,
    WeightScales,
)
from services.coaching.events.role import (
    Behaviour,
    BehaviourDefined,
    BehaviourRemoved,
    RoleDefinitionStarted,
    RoleEvent,
    RolePublished,
    ScalesWeighted,
    ViewContributed,
    WorkPhaseRecorded,
    WorkPhaseRemoved,
)
from services.coaching.events.shapes import ScaleCode
from shared.testing.scenario import SOMEBODY

ROLE, HEARING, NOTING, VIEW = (UUID(int=number) for number in range(101, 105))
LETS_FINISH, SUMS_UP, STAYS_CALM, NOTES_ALL = (UUID(int=number) for number in range(111, 115))

start = StartRoleDefinition(
    role_id=ROLE, role_code="agent", title="Agent in Tampere", experience_aim="It is settled at once."
)
record_hearing = RecordWorkPhase(
    role_id=ROLE,
    phase_id=HEARING,
    title="Hears the customer out",
    core=True,
    times_per_week=Decimal(127),
    error_effect=4,
    scales=("service-mindedness", "stress-tolerance"),
    observed=True,
)
record_noting = RecordWorkPhase(
    role_id=ROLE,
    phase_id=NOTING,
    title="Keeps notes for the next one",
    core=False,
    times_per_week=Decimal(63),
    error_effect=4,
    scales=("carefulness",),
    observed=False,
)
remove_noting = RemoveWorkPhase(role_id=ROLE, phase_id=NOTING)
contribute = ContributeView(role_id=ROLE, view_id=VIEW, text="The search takes all attention.", phase_id=HEARING)
define = DefineBehaviour(
    role_id=ROLE,
    behaviour_id=LETS_FINISH,
    scale="service-mindedness",
    statement="Lets the customer finish before answering.",
    critical=True,
)
remove_behaviour = RemoveBehaviour(role_id=ROLE, behaviour_id=LETS_FINISH)
SUGGESTED: dict[ScaleCode, int] = {
    "carefulness": 46,
    "sales-confidence": 0,
    "service-mindedness": 27,
    "social-confidence": 0,
    "stress-tolerance": 27,
    "integrity": 0,
}
WEIGHTS: dict[ScaleCode, int] = {**SUGGESTED, "carefulness": 40, "service-mindedness": 30, "stress-tolerance": 30}
weigh = WeightScales(role_id=ROLE, weights=WEIGHTS, rationale="Nearly as suggested.")
publish = PublishRole(role_id=ROLE, note="First version.")

started = RoleDefinitionStarted(**dict(start))
hearing_recorded = WorkPhaseRecorded(**dict(record_hearing))
noting_recorded = WorkPhaseRecorded(**dict(record_noting))
noting_removed = WorkPhaseRemoved(role_id=ROLE, phase_id=NOTING)
view_contributed = ViewContributed(**dict(contribute), contributor_id=UUID(SOMEBODY))
weighted = ScalesWeighted(role_id=ROLE, weights=WEIGHTS, suggested=SUGGESTED, rationale="Nearly as suggested.")
behaviour_removed = BehaviourRemoved(role_id=ROLE, behaviour_id=LETS_FINISH)


def behaviour(behaviour_id: UUID, scale: ScaleCode, statement: str, critical: bool = False) -> Behaviour:
    return Behaviour(behaviour_id=behaviour_id, scale=scale, statement=statement, critical=critical)


BEHAVIOURS = (
    behaviour(LETS_FINISH, "service-mindedness", "Lets the customer finish before answering.", critical=True),
    behaviour(SUMS_UP, "service-mindedness", "Sums up what was agreed on."),
    behaviour(STAYS_CALM, "stress-tolerance", "Speaks as slowly as before when blamed."),
    behaviour(NOTES_ALL, "carefulness", "Notes what the next colleague needs."),
)
DEFINED: tuple[BehaviourDefined, ...] = tuple(BehaviourDefined(role_id=ROLE, **dict(each)) for each in BEHAVIOURS)
published = RolePublished(
    **dict(started), version=1, weights=WEIGHTS, behaviours=BEHAVIOURS, phases=2, note="First version."
)

ANALYSED: tuple[RoleEvent, ...] = (started, hearing_recorded, noting_recorded)
READY: tuple[RoleEvent, ...] = (*ANALYSED, *DEFINED, weighted)
PUBLISHED: tuple[RoleEvent, ...] = (*READY, published)
