"""What skills_matrix keeps: one row a person, all of it from the stream of that person's skills."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, assert_never
from uuid import UUID

from services.coaching.deciders.skills import ALONE, HALF_A_YEAR
from services.coaching.events.skills import (
    MappingAnswered,
    MappingAsked,
    MappingFellDue,
    SkillConfirmed,
    SkillsEvent,
    Strength,
)
from shared.core.event import Personal, Recorded, Shape
from shared.core.replacing import replace

TEACHES = 4


class Confirmed(Shape):
    level: int
    valid_until: date | None


class Level(Shape):
    """How well a skill is mastered: as confirmed, else as its owner says."""

    skill: str
    level: int
    by_self: bool
    can_teach: bool
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Skilled:
    """`levels` follow from the newest answer and from what was confirmed. `mapping_due_on`: of the next mapping."""

    person_id: UUID
    levels: tuple[Level, ...] = ()
    strengths: tuple[Strength, ...] = ()
    confirmed: Mapping[str, Confirmed] = field(default_factory=dict)
    mapping_state: str | None = None
    mapping_due_on: date | None = None
    answered_on: date | None = None
    work_history: Annotated[str | None, Personal("person_id")] = None
    studies: Annotated[str | None, Personal("person_id")] = None
    needs_text: Annotated[str | None, Personal("person_id")] = None


def skilled_of(event: SkillsEvent, _: Recorded) -> UUID:
    return event.person_id


def skilled(row: Skilled | None, event: SkillsEvent, _: Recorded) -> Skilled:
    row = row or Skilled(event.person_id)
    match event:
        case MappingAsked():
            return replace(row, mapping_state="asked", mapping_due_on=event.closes_on)
        case MappingAnswered():
            return _levelled(_answered(row, event))
        case SkillConfirmed():
            told = Confirmed(level=event.level, valid_until=event.valid_until)
            return _levelled(replace(row, confirmed={**row.confirmed, event.skill: told}))
        case MappingFellDue():
            return replace(row, mapping_state="late", mapping_due_on=event.due_on)
        case _:
            assert_never(event)


def _answered(row: Skilled, event: MappingAnswered) -> Skilled:
    return replace(
        row,
        strengths=event.strengths,
        mapping_state="answered",
        mapping_due_on=event.answered_on + HALF_A_YEAR,
        answered_on=event.answered_on,
        work_history=event.work_history,
        studies=event.studies,
        needs_text=event.needs_text,
    )


def _levelled(row: Skilled) -> Skilled:
    told = {each.skill: each for each in row.strengths}
    skills = sorted({*told, *row.confirmed})
    return replace(row, levels=tuple(_level(skill, row.confirmed.get(skill), told.get(skill)) for skill in skills))


def _level(skill: str, confirmed: Confirmed | None, told: Strength | None) -> Level:
    teaches = told is not None and told.can_teach
    if confirmed is None:
        assert told is not None, "a skill is told or confirmed"
        return Level(skill=skill, level=told.level, by_self=True, can_teach=teaches, valid_until=None)
    return Level(
        skill=skill,
        level=confirmed.level,
        by_self=False,
        can_teach=confirmed.level >= (ALONE if teaches else TEACHES),
        valid_until=confirmed.valid_until,
    )
