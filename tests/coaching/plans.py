"""Aino's coaching plan as facts: every one that there is, for deciders, read models and samples."""

from datetime import date

from services.coaching.events.plan import (
    BookingDropped,
    BookingNoted,
    BookingOrphaned,
    CadenceSet,
    CoachChanged,
    CoachingCounted,
    CoachingMissed,
    CoachingUncounted,
    NeedMet,
    NeedRaised,
    PlanEnded,
    PlanMoved,
    PlanOpened,
    PlanPaused,
    SeriesPlanned,
    Slot,
    WhatMattersNoted,
)
from shared.core.ids import derive
from tests.coaching.cast import (
    AINO,
    DANI,
    FORM,
    MONDAY,
    NEED,
    NEXT_SESSION,
    OTHER_NEED,
    OTHER_TEAM,
    SANNA,
    SESSION,
    TEAM,
    at,
)

DUE = date(2027, 3, 31)
FIRST_STARTS = (at(4, 10), at(1, 10, month=4), at(29, 10, month=4))
SERIES_IDS = tuple(derive("session", AINO, starts_at, 1) for starts_at in FIRST_STARTS)

plan_opened = PlanOpened(person_id=AINO, team_id=TEAM, from_day=MONDAY, interval_days=30, next_due_on=DUE, seq=1)
plan_moved = PlanMoved(person_id=AINO, team_id=OTHER_TEAM, from_day=date(2027, 6, 1), seq=2)
cadence_set = CadenceSet(person_id=AINO, team_id=TEAM, interval_days=14, next_due_on=date(2027, 3, 15))
series_planned = SeriesPlanned(
    person_id=AINO,
    team_id=TEAM,
    coach_id=SANNA,
    form_id=FORM,
    minutes=45,
    place="site",
    series_no=1,
    sessions=tuple(
        Slot(session_id=session_id, starts_at=starts_at)
        for session_id, starts_at in zip(SERIES_IDS, FIRST_STARTS, strict=True)
    ),
)
session_noted = BookingNoted(person_id=AINO, session_id=SESSION, starts_at=at(18, 10), seq=1)
next_noted = BookingNoted(person_id=AINO, session_id=NEXT_SESSION, starts_at=at(15, 10, month=4), seq=1)
next_dropped = BookingDropped(person_id=AINO, session_id=NEXT_SESSION, seq=3)
coach_changed = CoachChanged(
    person_id=AINO, coach_id=DANI, from_day=date(2027, 3, 18), session_ids=(SESSION, NEXT_SESSION)
)
session_counted = CoachingCounted(
    person_id=AINO, team_id=TEAM, session_id=SESSION, held_on=date(2027, 3, 18), next_due_on=date(2027, 4, 17)
)
session_uncounted = CoachingUncounted(person_id=AINO, team_id=TEAM, session_id=SESSION, next_due_on=DUE)
need_raised = NeedRaised(
    person_id=AINO, team_id=TEAM, need_id=NEED, topic="crm-search", origin="check", note="Cannot find customers."
)
other_raised = NeedRaised(person_id=AINO, team_id=TEAM, need_id=OTHER_NEED, topic="stress-tolerance", origin="self")
need_met = NeedMet(person_id=AINO, need_id=NEED, topic="crm-search", ref=SESSION)
what_matters = WhatMattersNoted(person_id=AINO, text="To be the one others ask about billing.")
plan_paused = PlanPaused(
    person_id=AINO,
    team_id=TEAM,
    from_day=date(2027, 4, 1),
    until_day=date(2027, 4, 20),
    reason="study",
    next_due_on=date(2027, 5, 20),
    session_ids=(NEXT_SESSION,),
)
coaching_missed = CoachingMissed(person_id=AINO, team_id=TEAM, due_on=DUE, next_due_on=date(2027, 4, 30))
plan_ended = PlanEnded(person_id=AINO, on=date(2027, 3, 31), session_ids=(NEXT_SESSION,), seq=3)
next_orphaned = BookingOrphaned(person_id=AINO, session_id=NEXT_SESSION, starts_at=at(15, 10, month=4), seq=2)
