"""What good work is, role by role: the analysis, and every version that was published of it.

Answers GET /v1/role-definitions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select

from services.coaching.deciders.role import impact
from services.coaching.events.role import (
    Behaviour,
    BehaviourDefined,
    BehaviourRemoved,
    RoleDefinitionStarted,
    RolePublished,
    ScalesWeighted,
    ViewContributed,
    WorkPhaseRecorded,
    WorkPhaseRemoved,
)
from services.coaching.events.shapes import ScaleCode
from shared.core.event import Personal, Recorded, Shape
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.nested import as_list
from shared.web.queries import Page, Reads

ANALYSIS = 0
CENT = Decimal("0.01")
ContentsEvent = (
    RoleDefinitionStarted
    | WorkPhaseRecorded
    | WorkPhaseRemoved
    | BehaviourDefined
    | BehaviourRemoved
    | ScalesWeighted
    | RolePublished
)


class Phase(Shape):
    """A phase of the work; `impact` is how much it weighs in the suggestion."""

    phase_id: UUID
    title: str
    core: bool
    times_per_week: Decimal
    error_effect: int
    scales: tuple[ScaleCode, ...]
    observed: bool
    impact: Decimal


@dataclass(frozen=True, slots=True)
class Definition:
    """A version of a role; 0 is the analysis, where the phases, what they suggest and why it is so weighted stand."""

    role_id: UUID
    version: int
    role_code: str | None = None
    title: str | None = None
    experience_aim: str | None = None
    phases: tuple[Phase, ...] = ()
    phase_count: int = 0
    behaviours: tuple[Behaviour, ...] = ()
    weights: Mapping[ScaleCode, int] = field(default_factory=dict)
    suggested: Mapping[ScaleCode, int] = field(default_factory=dict)
    rationale: str | None = None
    note: str | None = None


def definition_of(event: ContentsEvent, _: Recorded) -> tuple[UUID, int]:
    return event.role_id, event.version if isinstance(event, RolePublished) else ANALYSIS


def definition(row: Definition | None, event: ContentsEvent, recorded: Recorded) -> Definition:
    row = row or Definition(*definition_of(event, recorded))
    match event:
        case RoleDefinitionStarted():
            return replace(row, role_code=event.role_code, title=event.title, experience_aim=event.experience_aim)
        case WorkPhaseRecorded():
            return _with_phases(row, {**_phases(row), event.phase_id: _phase(event)})
        case WorkPhaseRemoved():
            return _with_phases(row, {key: each for key, each in _phases(row).items() if key != event.phase_id})
        case BehaviourDefined():
            return replace(row, behaviours=_defined(row.behaviours, Behaviour(**dict(event))))
        case BehaviourRemoved():
            left = tuple(each for each in row.behaviours if each.behaviour_id != event.behaviour_id)
            return replace(row, behaviours=left)
        case ScalesWeighted():
            return replace(row, weights=event.weights, suggested=event.suggested, rationale=event.rationale)
        case RolePublished():
            told = {name: value for name, value in event if name != "phases"}
            return Definition(**told, phase_count=event.phases)
        case _:
            assert_never(event)


def _phases(row: Definition) -> dict[UUID, Phase]:
    return {each.phase_id: each for each in row.phases}


def _with_phases(row: Definition, phases: Mapping[UUID, Phase]) -> Definition:
    return replace(row, phases=tuple(phases.values()), phase_count=len(phases))


def _phase(event: WorkPhaseRecorded) -> Phase:
    weighs = Decimal(impact(event.times_per_week, event.error_effect)).quantize(CENT)
    return Phase(**{name: value for name, value in event if name != "role_id"}, impact=weighs)


def _defined(before: tuple[Behaviour, ...], told: Behaviour) -> tuple[Behaviour, ...]:
    return tuple({**{each.behaviour_id: each for each in before}, told.behaviour_id: told}.values())


@dataclass(frozen=True, slots=True)
class Role:
    """What holds for all versions of a role."""

    role_id: UUID
    newest: int


def role_of(event: RolePublished, _: Recorded) -> UUID:
    return event.role_id


def role(_row: Role | None, event: RolePublished, _: Recorded) -> Role:
    return Role(event.role_id, event.version)


@dataclass(frozen=True, slots=True)
class RoleView:
    """How the work looks to one who does it or leads it."""

    role_id: UUID
    view_id: UUID
    contributor_id: UUID
    text: Annotated[str | None, Personal("contributor_id")] = None
    phase_id: UUID | None = None


def view_of(event: ViewContributed, _: Recorded) -> tuple[UUID, UUID]:
    return event.role_id, event.view_id


def role_view(_row: RoleView | None, event: ViewContributed, _: Recorded) -> RoleView:
    return RoleView(**dict(event))


class ViewItem(BaseModel):
    view_id: UUID
    contributor_id: UUID
    text: Annotated[str | None, Personal("contributor_id")]
    phase_id: UUID | None


class DefinitionItem(BaseModel):
    """Version 0 is the analysis, with what people have told about the work."""

    role_id: UUID
    version: int
    role_code: str
    title: str
    experience_aim: str
    phases: tuple[Phase, ...]
    phase_count: int
    views: tuple[ViewItem, ...]
    behaviours: tuple[Behaviour, ...]
    weights: dict[ScaleCode, int]
    suggested: dict[ScaleCode, int]
    rationale: str | None
    note: str | None
    newest: bool


async def read(view: Reads, role_code: str | None = None, newest: bool | None = None) -> Page[DefinitionItem]:
    row, whole = view[Definition], view[Role]
    is_newest = func.coalesce(row.c.version == whole.c.newest, False)
    query = (
        select(*row.c, is_newest.label("newest"), _views(view[RoleView], row).label("views"))
        .select_from(row)
        .outerjoin(whole, whole.c.role_id == row.c.role_id)
        .where(view.seen(by=("everybody",)))
    )
    if role_code is not None:
        query = query.where(row.c.role_code == role_code)
    if newest is not None:
        query = query.where(is_newest == newest)
    return await view.page(query, DefinitionItem, order=("role_id", "version"))


def _views(told: Any, row: Any) -> Any:
    of_role = told.c.role_id == row.c.role_id, row.c.version == ANALYSIS
    rows = select(told.c.view_id, told.c.contributor_id, told.c.text, told.c.phase_id).where(*of_role)
    return as_list(rows.order_by(told.c.view_id), row)


read_model = ReadModel(
    "role_definitions",
    version=2,
    rows=[
        Rows(
            Definition,
            key=("role_id", "version"),
            hears=ContentsEvent,
            rows_of=definition_of,
            fold=definition,
            indexes=(("role_code",),),
        ),
        Rows(Role, key=("role_id",), hears=RolePublished, rows_of=role_of, fold=role),
        Rows(RoleView, key=("role_id", "view_id"), hears=ViewContributed, rows_of=view_of, fold=role_view),
    ],
    query=read,
    seen_by="everybody",
    watched=Watched(by=("everybody",), key=("role_id",)),
)
