"""One person's skills: asked about in a mapping, told by the person, confirmed by others, due again in half a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Literal, assert_never
from uuid import UUID

from pydantic import Field

from services.coaching.deciders.plan import Ended, plan
from services.coaching.deciders.plan import stream_of as plan_stream
from services.coaching.events.skills import (
    MappingAnswered,
    MappingAsked,
    MappingFellDue,
    SkillConfirmed,
    SkillsEvent,
    Strength,
)
from shared.core.decider import Asked, Command, Decider, Look, LookUps, Rejected, Seen, example, if_unknown, unknown
from shared.core.event import Personal
from shared.core.replacing import replace
from shared.core.types import Code, Day, Text1000, Text2000, once

HALF_A_YEAR = timedelta(days=183)
ALONE = 3  # from this level on somebody can teach
AINO = "0195b1c0-0000-7000-8000-000000000001"
ROUND = "0195b1c0-0000-7000-8000-000000000d01"


class AskForMapping(Command):
    """Ask somebody who came after the round was announced; the others are asked when it opens."""

    model_config = example(
        person_id=AINO,
        team_id="0195b1c0-0000-7000-8000-0000000000b1",
        round_id=ROUND,
        pool_id="0195b1c0-0000-7000-8000-000000000d02",
        closes_on="2027-03-31",
        skills=["listening", "sales-closing", "crm-search"],
    )
    person_id: UUID
    team_id: UUID
    round_id: UUID
    pool_id: UUID
    closes_on: Day
    skills: Annotated[tuple[Code, ...], Field(min_length=1, max_length=60), once()]


class AnswerMapping(Command):
    """Tell what one knows, could teach and would like to learn; until the round closes, it may be told anew."""

    model_config = example(
        person_id=AINO,
        round_id=ROUND,
        work_history="Six years in a bookshop, two at a help desk.",
        studies="Vocational qualification in business.",
        strengths=[{"skill": "listening", "level": 3, "can_teach": True}],
        trainer_interest=True,
        needs=["sales-closing"],
        needs_text="How to end a call without hurrying.",
    )
    refused = if_unknown("skills") | {
        "mapping-closed": "the round has closed",
        "not-asked": "this person was not asked in this round",
        "teach-without-level": "who teaches a skill masters it alone",
    }
    person_id: UUID
    round_id: UUID
    work_history: Annotated[Text2000, Personal("person_id")]
    studies: Annotated[Text1000, Personal("person_id")]
    strengths: Annotated[tuple[Strength, ...], Field(max_length=30), once("skill")]
    trainer_interest: bool
    needs: Annotated[tuple[Code, ...], Field(max_length=20), once()]
    needs_text: Annotated[Text1000 | None, Personal("person_id")] = None


class ConfirmSkill(Command):
    """Confirm how well somebody else masters a skill: 1 knows of it, 2 with help, 3 alone, 4 teaches."""

    model_config = example(person_id=AINO, skill="billing", level=3, valid_until="2028-04-08", evidence="training")
    refused = {
        "in-the-past": "it would be valid no more today",
        "own-skill": "somebody else confirms a skill",
    }
    person_id: UUID
    skill: Code
    level: Annotated[int, Field(ge=1, le=4)]
    valid_until: Day | None = None
    evidence: Literal["observed", "evaluated", "certificate", "training"]


class FlagMappingDue(Command):
    """Tell that somebody's skills have not been mapped for half a year."""

    model_config = example(person_id=AINO, due_on="2027-09-16")
    person_id: UUID
    due_on: Day


SkillsCommand = AskForMapping | AnswerMapping | ConfirmSkill | FlagMappingDue


@dataclass(frozen=True, slots=True)
class Skills:
    """Nothing of it depends on the rest, so there is one situation: `asked` and `answered` by round, newest last."""

    asked: Mapping[UUID, MappingAsked] = field(default_factory=dict)
    answered: Mapping[UUID, MappingAnswered] = field(default_factory=dict)
    confirmed: Mapping[str, SkillConfirmed] = field(default_factory=dict)
    fell_due: frozenset[date] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.asked or self.confirmed or self.fell_due)

    @property
    def answered_on(self) -> date | None:
        return max((each.answered_on for each in self.answered.values()), default=None)

    @property
    def team_id(self) -> UUID | None:
        *_, newest = (None, *self.asked.values())
        return None if newest is None else newest.team_id


def stream_of(person_id: UUID) -> str:
    return f"coaching.skills-{person_id}"


def look_ups(command: SkillsCommand, skills: Skills) -> LookUps:
    match command:
        case FlagMappingDue():
            return {"plan": Look(plan, plan_stream(command.person_id))}
        case AskForMapping() | AnswerMapping() | ConfirmSkill():
            return {}
        case _:
            assert_never(command)


def decide(command: SkillsCommand, skills: Skills, seen: Seen, asked: Asked) -> Sequence[SkillsEvent]:
    match command:
        case AskForMapping():
            return [] if command.round_id in skills.asked else [MappingAsked(**dict(command))]
        case AnswerMapping():
            return _answer(command, skills, asked)
        case ConfirmSkill():
            return _confirm(command, skills, asked)
        case FlagMappingDue():
            return _flag(command, skills, seen)
        case _:
            assert_never(command)


def _answer(command: AnswerMapping, skills: Skills, asked: Asked) -> Sequence[SkillsEvent]:
    if skills.is_empty:
        raise unknown("skills")
    question = skills.asked.get(command.round_id)
    if question is None:
        raise Rejected("not-asked", "this person was not asked in this round")
    answered = _answered(command, question, asked.day)
    told = skills.answered.get(command.round_id)
    if told is not None and answered.model_copy(update={"answered_on": told.answered_on}) == told:
        return []
    if asked.day > question.closes_on:
        raise Rejected("mapping-closed", f"the round closed on {question.closes_on}")
    if early := [each.skill for each in command.strengths if each.can_teach and each.level < ALONE]:
        raise Rejected("teach-without-level", f"who teaches masters it alone: {', '.join(early)}")
    return [answered]


def _answered(command: AnswerMapping, question: MappingAsked, day: date) -> MappingAnswered:
    return MappingAnswered(
        **dict(command),
        team_id=question.team_id,
        pool_id=question.pool_id,
        answered_on=day,
        teachable=tuple(each.skill for each in command.strengths if each.can_teach),
    )


def _confirm(command: ConfirmSkill, skills: Skills, asked: Asked) -> Sequence[SkillsEvent]:
    confirmed = SkillConfirmed(**dict(command))
    if skills.confirmed.get(command.skill) == confirmed:
        return []
    if asked.actor == str(command.person_id):
        raise Rejected("own-skill", "somebody else confirms a skill")
    if command.valid_until is not None and command.valid_until < asked.day:
        raise Rejected("in-the-past", "it would be valid no more today")
    return [confirmed]


def _flag(command: FlagMappingDue, skills: Skills, seen: Seen) -> Sequence[SkillsEvent]:
    """Who has left is asked no more, and who has answered in the half year before is not late."""
    answered_on = skills.answered_on
    answered = answered_on is not None and answered_on > command.due_on - HALF_A_YEAR
    if answered or command.due_on in skills.fell_due or isinstance(seen.plan, Ended):
        return []
    team_id = seen.plan.book.team_on(command.due_on) or skills.team_id
    return [MappingFellDue(**dict(command), team_id=team_id)]


def evolve(skills: Skills, event: SkillsEvent) -> Skills:
    match event:
        case MappingAsked():
            return replace(skills, asked={**skills.asked, event.round_id: event})
        case MappingAnswered():
            return replace(skills, answered={**skills.answered, event.round_id: event})
        case SkillConfirmed():
            return replace(skills, confirmed={**skills.confirmed, event.skill: event})
        case MappingFellDue():
            return replace(skills, fell_due=skills.fell_due | {event.due_on})
        case _:
            assert_never(event)


skills: Decider[SkillsCommand, Skills, SkillsEvent] = Decider(
    kind="skills",
    commands=SkillsCommand,
    events=SkillsEvent,
    stream=lambda command: stream_of(command.person_id),
    initial=Skills(),
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)
