"""Where the definition of a role stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar, assert_never
from uuid import UUID

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
from shared.core.decider import unknown
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class Analysis:
    started: RoleDefinitionStarted
    phases: Mapping[UUID, WorkPhaseRecorded] = field(default_factory=dict)
    views: frozenset[UUID] = frozenset()
    behaviours: Mapping[UUID, Behaviour] = field(default_factory=dict)
    weighted: ScalesWeighted | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    pass


@dataclass(frozen=True, slots=True)
class Analysing:
    """Never published."""

    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Published:
    """`newest` is what is evaluated with; `reopened`: the analysis has gone on since."""

    newest: RolePublished
    analysis: Analysis
    reopened: bool = False


Defined = Analysing | Published
Role = Missing | Defined


def known(role: Role) -> Defined:
    if isinstance(role, Missing):
        raise unknown("role")
    return role


def newest_of(role: Role) -> RolePublished | None:
    """What is evaluated with."""
    return role.newest if isinstance(role, Published) else None


def evolve(role: Role, event: RoleEvent) -> Role:
    if isinstance(event, RoleDefinitionStarted):
        return Analysing(Analysis(event))
    defined = known(role)
    analysis = defined.analysis
    match event:
        case WorkPhaseRecorded():
            return _reopened(defined, replace(analysis, phases={**analysis.phases, event.phase_id: event}))
        case WorkPhaseRemoved():
            return _reopened(defined, replace(analysis, phases=_without(analysis.phases, event.phase_id)))
        case ViewContributed():
            return replace(defined, analysis=replace(analysis, views=analysis.views | {event.view_id}))
        case BehaviourDefined():
            behaviour = Behaviour(**dict(event))
            return _reopened(
                defined, replace(analysis, behaviours={**analysis.behaviours, event.behaviour_id: behaviour})
            )
        case BehaviourRemoved():
            return _reopened(defined, replace(analysis, behaviours=_without(analysis.behaviours, event.behaviour_id)))
        case ScalesWeighted():
            return _reopened(defined, replace(analysis, weighted=event))
        case RolePublished():
            return Published(event, analysis)
        case _:
            assert_never(event)


def _reopened(role: Defined, analysis: Analysis) -> Defined:
    if isinstance(role, Published):
        return replace(role, analysis=analysis, reopened=True)
    return Analysing(analysis)


T = TypeVar("T")


def _without(those: Mapping[UUID, T], one: UUID) -> Mapping[UUID, T]:
    return {key: value for key, value in those.items() if key != one}
