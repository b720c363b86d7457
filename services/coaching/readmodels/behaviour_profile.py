"""How somebody works, scale by scale, and why it says so line by line. Answers GET /v1/behaviour-profile."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Select,
    Subquery,
    Text,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.coaching.events.evaluation import EvaluationEvent
from services.coaching.events.goals import GoalProgressed
from services.coaching.events.role import RolePublished
from services.coaching.readmodels.parts.aims import (
    Aim,
    AimEvent,
    AimValue,
    aim_of,
    aiming,
    newest_value,
    value_of,
    valued,
)
from services.coaching.readmodels.parts.evaluations import (
    Evaluated,
    RoleNow,
    evaluated,
    evaluated_of,
    role_now,
    role_of,
)
from services.coaching.readmodels.parts.profiles import ProfileItem
from shared.core.directory import Member
from shared.core.readmodel import ReadModel, Rows
from shared.web.directory import for_insiders, is_in, still_here, team_on
from shared.web.draft import Draft
from shared.web.lists import listed
from shared.web.nested import as_list, as_object
from shared.web.queries import Page, Reads

BY = ("self", "team", "N")
INSIDERS = ("self", "team")
NEWEST, FEWEST = 5, 5  # evaluations in a score; below so many an analyst sees none
LOW = 50
Filter = ColumnElement[UUID] | None


@dataclass(frozen=True, slots=True)
class ProfileGoal(Aim):
    """A goal, shown where it is about a behaviour of the scale."""


@dataclass(frozen=True, slots=True)
class ProfileValue(AimValue):
    """Where such a goal stood."""


async def read(
    view: Reads, person_id: UUID | None = None, team_id: UUID | None = None, role_id: UUID | None = None
) -> Page[ProfileItem]:
    question = view.kept(_profiles, person_id=person_id, team_id=team_id, role_id=role_id)
    page = await view.page(question, ProfileItem, order=("person_id", "role_id", "scale"))
    return await for_insiders(view, page, BY, Member, person_id=person_id, team_id=team_id)


def _profiles(draft: Draft, person_id: Filter, team_id: Filter, role_id: Filter) -> Select[Any]:
    profile = _profile(_shown(draft, person_id, team_id, role_id))
    role, appeal = draft[RoleNow], draft[Evaluated]
    weight = func.coalesce(cast(cast(role.c.weights, JSONB)[profile.c.scale].astext, Integer), profile.c.weight_then)
    return (
        select(
            *(each for each in profile.c if each.name not in ("weight_then", "insider")),
            weight.label("weight"),
            func.coalesce(and_(weight > 0, profile.c.score < LOW), False).label("low"),
            _appealed(appeal, profile).label("appeal_open"),
            _goals(draft, role, profile).label("goals"),
        )
        .select_from(profile)
        .outerjoin(role, role.c.role_id == profile.c.role_id)
        .where(or_(profile.c.insider, profile.c.n >= FEWEST))
    )


def _shown(draft: Draft, person_id: Filter, team_id: Filter, role_id: Filter) -> Subquery:
    """The evaluations that count, of those whom the caller asks for and may see; all else is not even looked at."""
    row, member = draft[Evaluated], draft[Member]
    team = team_on(member, draft.today)
    insider = draft.seen(person=row.c.subject_id, team=team, by=INSIDERS)
    query = (
        select(*row.c, team.label("team_id"), insider.label("insider"), (row.c.purpose == "self").label("by_self"))
        .select_from(row)
        .outerjoin(member, member.c.person_id == row.c.subject_id)
        .where(draft.seen(person=row.c.subject_id, team=team, by=BY), still_here(member, draft.today))
        .where(row.c.subject == "employee", row.c.purpose != "calibration", ~row.c.voided)
    )
    if person_id is not None:
        query = query.where(row.c.subject_id == person_id)
    if team_id is not None:
        query = query.where(is_in(member, team_id, draft.today))
    if role_id is not None:
        query = query.where(row.c.role_id == role_id)
    return query.subquery()


def _profile(shown: Subquery) -> CTE:
    """One line for each person, role and scale."""
    scored = _scored(shown)
    of = scored.c
    others, newest, before = ~of.by_self, of.nth <= NEWEST, of.nth.between(2, NEWEST + 1)
    score = func.avg(of.score).filter(others, newest)
    previous = func.avg(of.score).filter(others, before)
    told = func.jsonb_agg(aggregate_order_by(_told(scored), of.nth), type_=JSONB).filter(others, newest)
    line = (of.subject_id, of.role_id, of.scale, of.team_id, of.insider)
    return (
        select(
            *(of.subject_id.label("person_id"), *line[1:]),
            _whole(score).label("score"),
            _whole(previous).label("previous"),
            func.round(score - previous, 2).label("trend"),
            func.count().filter(others, newest).label("n"),
            func.max(of.weight).filter(of.nth == 1).label("weight_then"),
            func.max(of.score).filter(of.by_self, of.nth == 1).label("self_score"),
            func.coalesce(told, cast([], JSONB)).label("evaluations"),
        )
        .group_by(*line)
        .cte("profile")
    )


def _scored(shown: Subquery) -> CTE:
    """Every scale of every evaluation that was seen; `nth` is its place from the newest on, by others or by oneself."""
    of = shown.c
    scale = listed(of.scales, "scale_of", scale=Text, score=Integer, weight=Integer)
    nth = func.row_number().over(
        partition_by=(of.subject_id, of.role_id, scale.c.scale, of.by_self),
        order_by=(of.observed_on.desc(), of.recorded_on.desc(), of.evaluation_id),
    )
    return (
        select(*of, *scale.c, nth.label("nth"))
        .select_from(shown)
        .join(scale, true())
        .where(scale.c.score.is_not(None))
        .cte("scored")
    )


def _told(row: FromClause) -> ColumnElement[Any]:
    plain = ("evaluation_id", "evaluator_id", "purpose", "occasion", "observed_on", "appeal_open")
    recorded = as_object(
        outcome="recorded",
        on=row.c.recorded_on,
        score=row.c.recorded_score,
        scales=row.c.recorded_scales,
        answers=row.c.recorded_answers,
    )
    settled = as_object(
        outcome=row.c.settled_outcome,
        on=row.c.settled_on,
        score=row.c.settled_score,
        scales=row.c.scales,
        answers=row.c.settled_answers,
    )
    versions = func.jsonb_build_array(recorded, settled)
    return as_object(scale=row.c.scale, versions=versions, **{name: row.c[name] for name in plain})


def _whole(mean: ColumnElement[Any]) -> ColumnElement[int]:
    """Rounded half up."""
    return cast(func.round(cast(mean, Numeric)), Integer)


def _appealed(row: FromClause, profile: CTE) -> ColumnElement[bool]:
    return exists().where(
        row.c.subject_id == profile.c.person_id, row.c.role_id == profile.c.role_id, row.c.appeal_open
    )


def _goals(draft: Draft, role: FromClause, profile: CTE) -> ColumnElement[Any]:
    """Those about a behaviour that the role looks for on this scale."""
    aim, value = draft[ProfileGoal], draft[ProfileValue]
    this = func.jsonb_build_array(as_object(behaviour_id=aim.c.behaviour_id, scale=profile.c.scale))
    looked_for = cast(role.c.behaviours, JSONB).op("@>", is_comparison=True)(this)
    columns = (aim.c.goal_id, aim.c.title, aim.c.unit, aim.c.target, aim.c.due_on, aim.c.state)
    rows = (
        select(*columns, newest_value(aim, value).label("value"))
        .where(aim.c.person_id == profile.c.person_id, aim.c.behaviour_id.is_not(None), looked_for)
        .where(aim.c.kind == "behaviour", aim.c.state != "dropped")
        .order_by(aim.c.due_on, aim.c.goal_id)
    )
    return as_list(rows, profile, role)


read_model = ReadModel(
    "behaviour_profile",
    version=1,
    rows=[
        Rows(
            Evaluated,
            key=("evaluation_id",),
            hears=EvaluationEvent,
            rows_of=evaluated_of,
            fold=evaluated,
            indexes=(("subject_id", "role_id"),),
        ),
        Rows(RoleNow, key=("role_id",), hears=RolePublished, rows_of=role_of, fold=role_now),
        Rows(
            ProfileGoal,
            key=("person_id", "goal_id"),
            hears=AimEvent,
            rows_of=aim_of,
            fold=aiming(ProfileGoal),
        ),
        Rows(
            ProfileValue,
            key=("person_id", "goal_id", "ref"),
            hears=GoalProgressed,
            rows_of=value_of,
            fold=valued(ProfileValue),
        ),
    ],
    query=read,
    seen_by="self, supervisor and deputy; N from five evaluations on",
)
