"""What makes a good service person in one role: worked out from the work itself, published in versions."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.role.commands import (
    ContributeView,
    DefineBehaviour,
    PublishRole,
    RecordWorkPhase,
    RemoveBehaviour,
    RemoveWorkPhase,
    RoleCommand,
    StartRoleDefinition,
    WeightScales,
)
from services.coaching.deciders.role.state import Missing, Published, Role, evolve, known, newest_of
from services.coaching.deciders.role.suggestion import WHOLE, impact, suggested
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
from services.coaching.events.shapes import SCALES
from shared.core.decider import Asked, Decider, Rejected, Seen

MOST_ON_A_SCALE = 8
FREE_DEPARTURE = 10
A_REASON = 40


def stream_of(role_id: UUID) -> str:
    return f"coaching.role-{role_id}"


def decide(command: RoleCommand, role: Role, seen: Seen, asked: Asked) -> Sequence[RoleEvent]:
    match command:
        case StartRoleDefinition():
            return _start(command, role)
        case RecordWorkPhase():
            return _record_phase(command, role)
        case RemoveWorkPhase():
            return _remove_phase(command, role)
        case ContributeView():
            return _contribute(command, role, asked)
        case DefineBehaviour():
            return _define(command, role)
        case RemoveBehaviour():
            return _remove_behaviour(command, role)
        case WeightScales():
            return _weigh(command, role)
        case PublishRole():
            return _publish(command, role)
        case _:
            assert_never(command)


def _start(command: StartRoleDefinition, role: Role) -> Sequence[RoleEvent]:
    started = RoleDefinitionStarted(**dict(command))
    if isinstance(role, Missing):
        return [started]
    if role.analysis.started == started:
        return []
    raise Rejected("role-exists", "a role with this id was started with another code, title or aim")


def _record_phase(command: RecordWorkPhase, role: Role) -> Sequence[RoleEvent]:
    recorded = WorkPhaseRecorded(**dict(command))
    return [] if known(role).analysis.phases.get(command.phase_id) == recorded else [recorded]


def _remove_phase(command: RemoveWorkPhase, role: Role) -> Sequence[RoleEvent]:
    there = command.phase_id in known(role).analysis.phases
    return [WorkPhaseRemoved(**dict(command))] if there else []


def _contribute(command: ContributeView, role: Role, asked: Asked) -> Sequence[RoleEvent]:
    told = command.view_id in known(role).analysis.views
    return [] if told else [ViewContributed(**dict(command), contributor_id=asked.person_id)]


def _define(command: DefineBehaviour, role: Role) -> Sequence[RoleEvent]:
    behaviours = known(role).analysis.behaviours
    if behaviours.get(command.behaviour_id) == Behaviour(**dict(command)):
        return []
    others = [each for key, each in behaviours.items() if key != command.behaviour_id]
    if sum(each.scale == command.scale for each in others) >= MOST_ON_A_SCALE:
        raise Rejected("too-many-behaviours", f"{command.scale} has {MOST_ON_A_SCALE} behaviours, which is the most")
    return [BehaviourDefined(**dict(command))]


def _remove_behaviour(command: RemoveBehaviour, role: Role) -> Sequence[RoleEvent]:
    there = command.behaviour_id in known(role).analysis.behaviours
    return [BehaviourRemoved(**dict(command))] if there else []


def _weigh(command: WeightScales, role: Role) -> Sequence[RoleEvent]:
    """The same weights are told anew once the phases suggest others."""
    analysis = known(role).analysis
    if not analysis.phases:
        raise Rejected("phases-missing", "weights follow from the phases of the work: record some first")
    if (total := sum(command.weights.values())) != WHOLE:
        raise Rejected("weights-not-100", f"the weights come to {total} instead of {WHOLE}")
    weighted = ScalesWeighted(**dict(command), suggested=suggested(analysis.phases.values()))
    if weighted == analysis.weighted:
        return []
    if len(command.rationale) < A_REASON and (apart := _far_apart(weighted)):
        raise Rejected("rationale-short", f"say in {A_REASON} characters why these differ: {', '.join(apart)}")
    return [weighted]


def _far_apart(weighted: ScalesWeighted) -> list[str]:
    weights, by_phases = weighted.weights, weighted.suggested
    return [scale for scale in SCALES if abs(weights[scale] - by_phases[scale]) > FREE_DEPARTURE]


def _publish(command: PublishRole, role: Role) -> Sequence[RoleEvent]:
    defined = known(role)
    if isinstance(defined, Published) and not defined.reopened:
        return []
    analysis = defined.analysis
    if analysis.weighted is None:
        raise Rejected("weights-missing", "the scales are to be weighted first")
    behaviours = tuple(analysis.behaviours.values())
    _refuse_unseen(analysis.weighted, behaviours)
    _refuse_narrow(tuple(analysis.phases.values()))
    return [
        RolePublished(
            **dict(analysis.started),
            version=defined.newest.version + 1 if isinstance(defined, Published) else 1,
            weights=analysis.weighted.weights,
            behaviours=behaviours,
            phases=len(analysis.phases),
            note=command.note,
        )
    ]


def _refuse_unseen(weighted: ScalesWeighted, behaviours: Sequence[Behaviour]) -> None:
    seen = {behaviour.scale for behaviour in behaviours}
    if unseen := [scale for scale in SCALES if weighted.weights[scale] and scale not in seen]:
        raise Rejected("behaviour-missing", f"by which act is this seen: {', '.join(unseen)}")


def _refuse_narrow(phases: Sequence[WorkPhaseRecorded]) -> None:
    if all(phase.core for phase in phases):
        raise Rejected("side-phases-missing", "the work has phases beside its core; some of them are recorded too")
    if 2 * sum(phase.observed for phase in phases) < len(phases):
        raise Rejected("unobserved", "at least half of the phases have been seen at work, not only told of")


role: Decider[RoleCommand, Role, RoleEvent] = Decider(
    kind="role",
    commands=RoleCommand,
    events=RoleEvent,
    stream=lambda command: stream_of(command.role_id),
    initial=Missing(),
    decide=decide,
    evolve=evolve,
)

__all__ = [
    "ContributeView",
    "DefineBehaviour",
    "PublishRole",
    "RecordWorkPhase",
    "RemoveBehaviour",
    "RemoveWorkPhase",
    "RoleCommand",
    "StartRoleDefinition",
    "WeightScales",
    "impact",
    "newest_of",
    "role",
    "stream_of",
]
