"""What somebody brings into a conversation: parts of session_prep's answer, each read from the rows of its stream."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.coaching.readmodels.parts.aims import newest_value
from services.coaching.readmodels.parts.preparations import (
    PrepAction,
    PrepFocus,
    PrepGoal,
    PrepMeaning,
    PrepMessage,
    PrepNeed,
    PrepThanks,
    PrepValue,
    Said,
    Scales,
)
from shared.core.directory import Member
from shared.web.directory import team_on
from shared.web.draft import Draft
from shared.web.lists import holds, listed
from shared.web.nested import as_list, as_one

Person = Any  # the column that says whose part it is
Part = ColumnElement[Any]
NEWEST, LOWEST = 5, 2  # evaluations that a score is the mean of; scales that are talked about


def last_time(draft: Draft, person: Person) -> Part:
    said = draft[Said]
    newest = select(said.c.held_on, said.c.successes, said.c.challenges)
    of_person = and_(said.c.employee_id == person, ~said.c.voided)
    return as_one(newest.where(of_person).order_by(said.c.held_on.desc(), said.c.session_id), person.table)


def actions(draft: Draft, person: Person) -> Part:
    """The open ones, overdue first."""
    row = draft[PrepAction]
    overdue = row.c.follow_up_on < draft.today
    names = ("action_id", "owner", "text", "follow_up_on", "times_carried")
    there = select(*(row.c[name] for name in names), overdue.label("overdue"))
    of_person = and_(row.c.employee_id == person, row.c.state == "open")
    return as_list(there.where(of_person).order_by(row.c.follow_up_on, row.c.action_id), person.table)


def needs(draft: Draft, person: Person) -> Part:
    row = draft[PrepNeed]
    is_open = and_(row.c.person_id == person, ~row.c.met)
    rows = select(row.c.need_id, row.c.topic).where(is_open).order_by(row.c.topic, row.c.need_id)
    return as_list(rows, person.table)


def goals(draft: Draft, person: Person) -> Part:
    row = draft[PrepGoal]
    names = ("goal_id", "kind", "title", "unit", "target", "due_on")
    value = newest_value(row, draft[PrepValue]).label("value")
    is_open = and_(row.c.person_id == person, row.c.state == "open")
    rows = select(*(row.c[name] for name in names), value).where(is_open)
    return as_list(rows.order_by(row.c.due_on, row.c.goal_id), person.table)


def behaviours(draft: Draft, person: Person) -> Part:
    """The lowest scales that weigh anything: each is the mean of the newest evaluations by others."""
    row = draft[Scales]
    newest = select(row.c.scales).where(row.c.subject_id == person, row.c.counts)
    few = (
        newest.order_by(row.c.observed_on.desc(), row.c.evaluation_id).limit(NEWEST).correlate(person.table).subquery()
    )
    each = listed(few.c.scales, "each_scale", scale=Text, score=Integer, weight=Integer)
    score = cast(func.round(func.avg(cast(each.c.score, Numeric))), Integer)
    means = (
        select(each.c.scale, score.label("score"))
        .select_from(few)
        .join(each, true())
        .where(each.c.score.is_not(None), each.c.weight > 0)
        .group_by(each.c.scale)
        .order_by(score, each.c.scale)
        .limit(LOWEST)
    )
    return as_list(means, person.table)


def stage_focus(draft: Draft, person: Person) -> Part:
    row = draft[PrepFocus]
    asked = listed(row.c.requirements, "asked", code=Text, kind=Text, focus=Text)
    unmet = ~holds(row.c.met, asked.c.code)
    open_ = as_list(select(asked.c.code, asked.c.kind, asked.c.focus).select_from(asked).where(unmet), row)
    there = select(
        row.c.stage, row.c.stage_title.label("title"), row.c.stage_due_on.label("due_on"), open_.label("open")
    )
    return as_one(there.where(row.c.person_id == person, row.c.stage.is_not(None)), person.table)


def strategy(draft: Draft, person: Person) -> Part:
    """For the team and the role that the person has now."""
    message, meaning, member = draft[PrepMessage], draft[PrepMeaning], draft[Member]
    team = team_on(member, draft.today)
    asked = listed(message.c.expectations, "asked_of", role_code=Text, actions=JSONB, effect=Text)
    of_team = holds(message.c.team_ids, cast(team, Text))
    of_role = asked.c.role_code == member.c.role_code
    own = meaning.c.message_id.is_not(None)
    told = case((own, cast(meaning.c.actions, JSONB)), else_=func.coalesce(asked.c.actions, cast([], JSONB)))
    effect = case((own, meaning.c.effect), else_=asked.c.effect)
    there = (
        select(message.c.message_id, message.c.title, told.label("actions"), effect.label("effect"))
        .select_from(member)
        .join(message, and_(of_team, ~message.c.withdrawn))
        .outerjoin(meaning, and_(meaning.c.message_id == message.c.message_id, meaning.c.team_id == team))
        .outerjoin(asked, of_role)
        .where(member.c.person_id == person, or_(own, asked.c.role_code.is_not(None)))
        .order_by(message.c.title, message.c.message_id)
    )
    return as_list(there, person.table)


def recognitions(draft: Draft, person: Person) -> Part:
    """Since the two talked last; all of them before the first conversation."""
    row, said = draft[PrepThanks], draft[Said]
    last = select(func.max(said.c.held_on)).where(said.c.employee_id == row.c.person_id, ~said.c.voided)
    new = row.c.given_on >= func.coalesce(last.scalar_subquery(), cast(literal("-infinity"), Date))
    there = select(row.c.recognition_id, row.c.given_on, row.c.kind, row.c.text).where(row.c.person_id == person, new)
    return as_list(there.order_by(row.c.given_on, row.c.recognition_id), person.table)
