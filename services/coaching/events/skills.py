"""What can be known of one person's skills: what the person tells in a mapping, and what others confirm."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.core.event import Event, Personal, Shape
from shared.core.types import Code


class Strength(Shape):
    """A skill as its owner sees it: 1 knows of it, 2 with help, 3 alone, 4 teaches."""

    skill: Code
    level: Annotated[int, Field(ge=1, le=4)]
    can_teach: bool


class MappingAsked(Event, name="coaching.mapping-asked"):
    """A person is asked in a round what they know, can teach and would like to learn."""

    person_id: UUID
    team_id: UUID
    round_id: UUID
    pool_id: UUID
    closes_on: date
    skills: tuple[str, ...]


class MappingAnswered(Event, name="coaching.mapping-answered"):
    """A person has told their strengths and needs; `teachable` are the skills they could teach others."""

    person_id: UUID
    team_id: UUID
    round_id: UUID
    pool_id: UUID
    answered_on: date
    work_history: Annotated[str | None, Personal("person_id")]
    studies: Annotated[str | None, Personal("person_id")]
    strengths: tuple[Strength, ...]
    trainer_interest: bool
    teachable: tuple[str, ...]
    needs: tuple[str, ...]
    needs_text: Annotated[str | None, Personal("person_id")] = None


class SkillConfirmed(Event, name="coaching.skill-confirmed"):
    """Somebody else has seen how well a person masters a skill; until `valid_until` if it wears off."""

    person_id: UUID
    skill: str
    level: int
    valid_until: date | None = None
    evidence: str


class MappingFellDue(Event, name="coaching.mapping-fell-due"):
    """Half a year has passed since a person's skills were mapped, or a new one's never were."""

    person_id: UUID
    team_id: UUID | None = None
    due_on: date


SkillsEvent = MappingAsked | MappingAnswered | SkillConfirmed | MappingFellDue
