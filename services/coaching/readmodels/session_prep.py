"""What both bring to the table before they talk. Answers GET /v1/session-prep."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from services.coaching.events.action import ActionEvent
from services.coaching.events.form import FormPublished
from services.coaching.events.goals import GoalProgressed
from services.coaching.events.plan import WhatMattersNoted
from services.coaching.events.recognition import RecognitionGiven
from services.coaching.events.session import SessionPrepared, TalkEvent
from services.coaching.inbox.feedback import MessageConcretised
from services.coaching.inbox.journey import JourneyFact
from services.coaching.readmodels.parts.agreements import agreeing, agreement_of
from services.coaching.readmodels.parts.aims import AimEvent, aim_of, aiming, value_of, valued
from services.coaching.readmodels.parts.bringing import (
    actions,
    behaviours,
    goals,
    last_time,
    needs,
    recognitions,
    stage_focus,
    strategy,
)
from services.coaching.readmodels.parts.focuses import focus_of, focusing
from services.coaching.readmodels.parts.needs import NeedEvent, need_of, needing
from services.coaching.readmodels.parts.preparations import (
    Matters,
    PrepAction,
    PrepFocus,
    PrepForm,
    PrepGoal,
    PrepMeaning,
    PrepMessage,
    PrepNeed,
    PrepTalk,
    PrepThanks,
    PrepTopics,
    PrepValue,
    Said,
    SaidEvent,
    Scales,
    ScalesEvent,
    form,
    form_of,
    matters,
    matters_of,
    said,
    said_of,
    scales,
    scales_of,
    thanks,
    thanks_of,
    topics,
    topics_of,
)
from services.coaching.readmodels.parts.prepared import PrepItem
from services.coaching.readmodels.parts.strategies import (
    SpokenEvent,
    meaning_in,
    meaning_of,
    message_of,
    speaking,
)
from services.coaching.readmodels.parts.talks import talk_of, talking
from shared.core.readmodel import ReadModel, Rows
from shared.web.draft import Draft
from shared.web.queries import Page, Reads

Filter = ColumnElement[UUID] | None


async def read(view: Reads, session_id: UUID | None = None, employee_id: UUID | None = None) -> Page[PrepItem]:
    """Of sessions that are booked, for the two who will talk."""
    question = view.kept(_preparations, session_id=session_id, employee_id=employee_id)
    return await view.page(question, PrepItem, order=("starts_at", "session_id"), asked_for=session_id or employee_id)


def _preparations(draft: Draft, session_id: Filter, employee_id: Filter) -> Select[Any]:
    talk, there, told, matter = draft[PrepTalk], draft[PrepForm], draft[PrepTopics], draft[Matters]
    person = talk.c.employee_id
    parties = [draft.seen(person=party, by=("self",)) for party in (talk.c.employee_id, talk.c.coach_id)]
    query = (
        select(
            *(talk.c[name] for name in ("session_id", "employee_id", "coach_id", "starts_at", "minutes")),
            func.coalesce(cast(there.c.questions, JSONB), cast([], JSONB)).label("questions"),
            *(told.c.employee.label("employee_topics"), told.c.coach.label("coach_topics")),
            *(matter.c.text.label("what_matters"), last_time(draft, person).label("last_time")),
            *(actions(draft, person).label("actions"), needs(draft, person).label("needs")),
            *(goals(draft, person).label("goals"), behaviours(draft, person).label("behaviours")),
            *(stage_focus(draft, person).label("stage_focus"), strategy(draft, person).label("strategy")),
            recognitions(draft, person).label("recognitions_since"),
        )
        .select_from(talk)
        .outerjoin(there, there.c.form_id == talk.c.form_id)
        .outerjoin(told, told.c.session_id == talk.c.session_id)
        .outerjoin(matter, matter.c.person_id == person)
        .where(or_(*parties), talk.c.state == "booked")
    )
    if session_id is not None:
        query = query.where(talk.c.session_id == session_id)
    if employee_id is not None:
        query = query.where(person == employee_id)
    return query


read_model = ReadModel(
    "session_prep",
    version=3,
    rows=[
        Rows(
            PrepTalk,
            key=("session_id",),
            hears=TalkEvent,
            rows_of=talk_of,
            fold=talking(PrepTalk),
            indexes=(("employee_id",), ("coach_id",)),
        ),
        Rows(PrepTopics, key=("session_id",), hears=SessionPrepared, rows_of=topics_of, fold=topics),
        Rows(PrepForm, key=("form_id",), hears=FormPublished, rows_of=form_of, fold=form),
        Rows(
            Said,
            key=("session_id",),
            hears=SaidEvent,
            rows_of=said_of,
            fold=said,
            indexes=(("employee_id", "held_on"),),
        ),
        Rows(
            PrepAction,
            key=("action_id",),
            hears=ActionEvent,
            rows_of=agreement_of,
            fold=agreeing(PrepAction),
            indexes=(("employee_id",),),
        ),
        Rows(PrepNeed, key=("person_id", "need_id"), hears=NeedEvent, rows_of=need_of, fold=needing(PrepNeed)),
        Rows(PrepGoal, key=("person_id", "goal_id"), hears=AimEvent, rows_of=aim_of, fold=aiming(PrepGoal)),
        Rows(
            PrepValue,
            key=("person_id", "goal_id", "ref"),
            hears=GoalProgressed,
            rows_of=value_of,
            fold=valued(PrepValue),
        ),
        Rows(Matters, key=("person_id",), hears=WhatMattersNoted, rows_of=matters_of, fold=matters),
        Rows(
            Scales,
            key=("evaluation_id",),
            hears=ScalesEvent,
            rows_of=scales_of,
            fold=scales,
            indexes=(("subject_id", "observed_on"),),
        ),
        Rows(PrepFocus, key=("person_id",), hears=JourneyFact, rows_of=focus_of, fold=focusing(PrepFocus)),
        Rows(
            PrepMessage,
            key=("message_id",),
            hears=SpokenEvent,
            rows_of=message_of,
            fold=speaking(PrepMessage),
            indexes=(("team_ids",),),
        ),
        Rows(
            PrepMeaning,
            key=("message_id", "team_id"),
            hears=MessageConcretised,
            rows_of=meaning_of,
            fold=meaning_in(PrepMeaning),
        ),
        Rows(
            PrepThanks,
            key=("recognition_id",),
            hears=RecognitionGiven,
            rows_of=thanks_of,
            fold=thanks,
            indexes=(("person_id",),),
        ),
    ],
    query=read,
    seen_by="both parties",
)
