"""The supervisor's home: the team's people, and over them what waits for the team. Answers GET /v1/team-board."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, func, select, true

from services.coaching.events.action import ActionEvent
from services.coaching.events.session import TalkEvent
from services.coaching.inbox.feedback import ItemFact, MessageRead
from services.coaching.inbox.journey import JourneyFact
from services.coaching.inbox.scheduling import ActivityFact, WeekPublished
from services.coaching.readmodels.parts.agreements import agreeing, agreement_of
from services.coaching.readmodels.parts.boards import (
    BoardAction,
    BoardFocus,
    BoardMessage,
    BoardNeed,
    BoardPace,
    BoardReading,
    BoardTalk,
    actions_of,
    activities_of,
    header_of,
    needs_of,
    people_of,
    sessions_of,
    shifts_today_of,
)
from services.coaching.readmodels.parts.concerns import (
    BoardIssue,
    BoardIssueEvent,
    BoardItem,
    issue,
    issue_of,
    item,
    item_of,
)
from services.coaching.readmodels.parts.days import (
    BoardActivity,
    BoardShift,
    BoardWeek,
    RosterFact,
    activity,
    activity_of,
    shift,
    shifts_of,
    week,
    week_of,
)
from services.coaching.readmodels.parts.focuses import focus_of, focusing
from services.coaching.readmodels.parts.needs import NeedEvent, need_of, needing
from services.coaching.readmodels.parts.paces import PaceEvent, pace_of, pacing
from services.coaching.readmodels.parts.strategies import SpokenEvent, message_of, reading_in, reading_of, speaking
from services.coaching.readmodels.parts.talks import talk_of, talking
from shared.core.directory import Member
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.web.directory import for_insiders
from shared.web.draft import Draft
from shared.web.queries import Page, Reads

BY = ("team", "site")


class ShiftToday(BaseModel):
    starts_at: datetime
    ends_at: datetime
    place: str
    contact_types: tuple[str, ...]


class ActivityToday(BaseModel):
    kind: str
    starts_at: datetime
    minutes: int


class BoardHeader(BaseModel):
    """What waits for the team. `untold`: decided on, and the giver does not know yet.

    An issue about the reader that is not taken up is not counted, nor is one about those who lead the team, for them.
    """

    open_feedback: int
    overdue_feedback: int
    untold: int
    open_issues: int
    escalated_issues: int
    unread_messages: int


class BoardItemOfPerson(BaseModel):
    """`header` is that of the team, the same in every line."""

    person_id: UUID
    team_id: UUID
    role_code: str | None
    joined_on: date | None
    left_on: date | None
    journey_state: Literal["waiting", "underway", "completed", "stopped"] | None
    stage: str | None
    stage_title: str | None
    stage_due_on: date | None
    stalled: bool
    next_session_at: datetime | None
    last_held_on: date | None
    left_open: bool
    next_due_on: date | None
    missed: bool
    open_actions: int
    overdue_actions: int
    open_needs: tuple[str, ...]
    shifts_today: tuple[ShiftToday, ...]
    activities_today: tuple[ActivityToday, ...]
    header: BoardHeader


async def read(view: Reads, team_id: UUID) -> Page[BoardItemOfPerson]:
    page = await view.page(view.kept(_board, team_id=team_id), BoardItemOfPerson, order=("person_id",))
    return await for_insiders(view, page, BY, Member, team_id=team_id)


def _board(draft: Draft, team_id: ColumnElement[UUID]) -> Select[Any]:
    people, focus, pace = people_of(draft, team_id, BY), draft[BoardFocus], draft[BoardPace]
    person = people.c.person_id
    sessions, actions, needs = sessions_of(draft, person), actions_of(draft, person), needs_of(draft, person)
    shifts, activities = shifts_today_of(draft, person), activities_of(draft, person)
    query = (
        select(
            *(*people.c, *(focus.c[name] for name in ("journey_state", "stage", "stage_title", "stage_due_on"))),
            *(func.coalesce(focus.c.stalled, False).label("stalled"), pace.c.next_due_on),
            *(func.coalesce(pace.c.missed, False).label("missed"), *sessions.c, *actions.c, *needs.c),
            *(shifts.c.listed.label("shifts_today"), activities.c.listed.label("activities_today")),
            header_of(draft, team_id, people).label("header"),
        )
        .select_from(people)
        .outerjoin(focus, focus.c.person_id == person)
        .outerjoin(pace, pace.c.person_id == person)
    )
    for part in (sessions, actions, needs, shifts, activities):
        query = query.join(part, true())
    return query


read_model = ReadModel(
    "team_board",
    version=6,
    rows=[
        Rows(BoardFocus, key=("person_id",), hears=JourneyFact, rows_of=focus_of, fold=focusing(BoardFocus)),
        Rows(
            BoardTalk,
            key=("session_id",),
            hears=TalkEvent,
            rows_of=talk_of,
            fold=talking(BoardTalk),
            indexes=(("employee_id", "starts_at"),),
        ),
        Rows(BoardPace, key=("person_id",), hears=PaceEvent, rows_of=pace_of, fold=pacing(BoardPace)),
        Rows(
            BoardAction,
            key=("action_id",),
            hears=ActionEvent,
            rows_of=agreement_of,
            fold=agreeing(BoardAction),
            indexes=(("employee_id",),),
        ),
        Rows(BoardNeed, key=("person_id", "need_id"), hears=NeedEvent, rows_of=need_of, fold=needing(BoardNeed)),
        Rows(
            BoardShift,
            key=("shift_id",),
            hears=RosterFact,
            rows_of=shifts_of,
            fold=shift,
            indexes=(("person_id", "starts_on"),),
        ),
        Rows(BoardWeek, key=("team_id", "week"), hears=WeekPublished, rows_of=week_of, fold=week),
        Rows(
            BoardActivity,
            key=("activity_id", "stream"),
            hears=ActivityFact,
            rows_of=activity_of,
            fold=activity,
            indexes=(("person_id", "starts_on"),),
        ),
        Rows(
            BoardItem,
            key=("item_id",),
            hears=ItemFact,
            rows_of=item_of,
            fold=item,
            indexes=(("team_id",),),
        ),
        Rows(
            BoardIssue,
            key=("issue_id",),
            hears=BoardIssueEvent,
            rows_of=issue_of,
            fold=issue,
            indexes=(("team_id",),),
        ),
        Rows(
            BoardMessage,
            key=("message_id",),
            hears=SpokenEvent,
            rows_of=message_of,
            fold=speaking(BoardMessage),
            indexes=(("team_ids",),),
        ),
        Rows(
            BoardReading,
            key=("message_id", "person_id"),
            hears=MessageRead,
            rows_of=reading_of,
            fold=reading_in(BoardReading),
        ),
    ],
    query=read,
    seen_by="supervisor and deputy, M of the site",
    watched=Watched(
        BY,
        key=("person_id", "team_id"),
        person="person_id",
        team="team_id",
        otherwise={"person_id": "employee_id"},
    ),
)
