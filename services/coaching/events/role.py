"""What can have happened while it was worked out what makes a good service person in one role."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from services.coaching.events.shapes import Num, ScaleCode
from shared.core.event import Event, Personal, Shape


class Behaviour(Shape):
    """An observable act on one scale; `critical` ones are told beside a score, never folded into it."""

    behaviour_id: UUID
    scale: ScaleCode
    statement: str
    critical: bool


class RoleDefinitionStarted(Event, name="coaching.role-definition-started"):
    """It is being worked out what a good service person does in a role, for the customer experience aimed at."""

    role_id: UUID
    role_code: str
    title: str
    experience_aim: str


class WorkPhaseRecorded(Event, name="coaching.work-phase-recorded"):
    """A phase of the work is known: how often it comes, what an error in it spoils, which scales it asks for."""

    role_id: UUID
    phase_id: UUID
    title: str
    core: bool
    times_per_week: Num
    error_effect: int
    scales: tuple[ScaleCode, ...]
    observed: bool


class WorkPhaseRemoved(Event, name="coaching.work-phase-removed"):
    """A phase of the work counts no more."""

    role_id: UUID
    phase_id: UUID


class ViewContributed(Event, name="coaching.view-contributed"):
    """Somebody who does the work, or leads it, has told how it looks from there."""

    role_id: UUID
    view_id: UUID
    contributor_id: UUID
    text: Annotated[str | None, Personal("contributor_id")]
    phase_id: UUID | None = None


class BehaviourDefined(Event, name="coaching.behaviour-defined"):
    """Good service is seen in this act; told anew, it replaces what was told before."""

    role_id: UUID
    behaviour_id: UUID
    scale: ScaleCode
    statement: str
    critical: bool


class BehaviourRemoved(Event, name="coaching.behaviour-removed"):
    """An act is no longer looked for."""

    role_id: UUID
    behaviour_id: UUID


class ScalesWeighted(Event, name="coaching.scales-weighted"):
    """It is decided how much each scale counts in the role; `suggested` follows from the recorded phases."""

    role_id: UUID
    weights: Mapping[ScaleCode, int]
    suggested: Mapping[ScaleCode, int]
    rationale: str


class RolePublished(Event, name="coaching.role-published"):
    """A version of the definition may be evaluated with; it never changes."""

    role_id: UUID
    version: int
    role_code: str
    title: str
    experience_aim: str
    weights: Mapping[ScaleCode, int]
    behaviours: tuple[Behaviour, ...]
    phases: int
    note: str


RoleEvent = (
    RoleDefinitionStarted
    | WorkPhaseRecorded
    | WorkPhaseRemoved
    | ViewContributed
    | BehaviourDefined
    | BehaviourRemoved
    | ScalesWeighted
    | RolePublished
)
