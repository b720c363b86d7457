"""One session as facts, from the booking to the last remark: for deciders, read models and samples."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.coaching.events.action import (
    ActionAgreed,
    ActionCarriedOver,
    ActionDone,
    ActionDropped,
    ActionFellDue,
)
from services.coaching.events.session import (
    AcknowledgementReminded,
    RemarkAdded,
    SessionAcknowledged,
    SessionBooked,
    SessionCancelled,
    SessionClashed,
    SessionHandedOver,
    SessionHeld,
    SessionLeftOpen,
    SessionMoved,
    SessionPrepared,
    SessionVoided,
)
from services.coaching.events.shapes import ActionReview, AgreedAction, Answer, GoalValue, NeedRef, PassedOn
from tests.coaching.cast import (
    ACTION,
    AINO,
    DANI,
    FORM,
    GOAL,
    NEED,
    OTHER_ACTION,
    SANNA,
    SESSION,
    TEAM,
    at,
)

CLASH, REMARK, ITEM, MESSAGE = UUID(int=71), UUID(int=72), UUID(int=73), UUID(int=74)
STARTS = at(18, 10)
LATER = at(22, 10)

session_booked = SessionBooked(
    session_id=SESSION,
    employee_id=AINO,
    coach_id=SANNA,
    team_id=TEAM,
    form_id=FORM,
    kind="regular",
    starts_at=STARTS,
    minutes=45,
    place="site",
)
aino_prepared = SessionPrepared(session_id=SESSION, employee_id=AINO, side="employee", topics=("The search",))
sanna_prepared = SessionPrepared(session_id=SESSION, employee_id=AINO, side="coach", topics=("The billing stage",))
handed_over = SessionHandedOver(
    session_id=SESSION, employee_id=AINO, coach_id=DANI, coach_id_before=SANNA, team_id=TEAM, starts_at=STARTS
)
session_moved = SessionMoved(
    session_id=SESSION,
    employee_id=AINO,
    coach_id=SANNA,
    team_id=TEAM,
    team_id_before=TEAM,
    starts_at_before=STARTS,
    starts_at=LATER,
    minutes=45,
    move_no=1,
    reason="illness",
    note="Back on Monday.",
    moved_by="coach",
)
clashed = SessionClashed(session_id=SESSION, employee_id=AINO, coach_id=SANNA, clash=CLASH, cause="absence")
cancelled = SessionCancelled(
    session_id=SESSION,
    employee_id=AINO,
    coach_id=SANNA,
    team_id=TEAM,
    starts_at=STARTS,
    reason="other",
    note="In the next series.",
)
left_open = SessionLeftOpen(session_id=SESSION, employee_id=AINO, coach_id=SANNA, team_id=TEAM, starts_at=STARTS)
ANSWERS = (
    Answer(question="expected", text="Billing alone by May."),
    Answer(question="last-goals", not_asked=True),
    Answer(question="next-time", text="Ask for the number first."),
    Answer(question="acted", value=Decimal(4)),
    Answer(question="went-well", text="A calm call."),
    Answer(question="hard", text="The search."),
    Answer(question="will-do", text="See the actions."),
)
agreed = AgreedAction(
    action_id=ACTION, owner="employee", text="Tries the search by number first.", follow_up_on=date(2027, 4, 1)
)
carried = ActionReview(
    action_id=OTHER_ACTION, outcome="carried-over", follow_up_on=date(2027, 4, 8), note="No time yet."
)
session_held = SessionHeld(
    session_id=SESSION,
    employee_id=AINO,
    coach_id=SANNA,
    team_id=TEAM,
    kind="regular",
    held_at=STARTS,
    form_id=FORM,
    form_version=1,
    score=75,
    answers=ANSWERS,
    successes=("Stayed calm with a caller who was not.",),
    challenges=("The search is slow.",),
    actions=(agreed,),
    needs=(NeedRef(need_id=NEED, topic="crm-search"),),
    reviewed=(carried,),
    progress=(GoalValue(goal_id=GOAL, value=Decimal(3)),),
    passed_on=(PassedOn(item_id=ITEM, text="The search is slow."),),
    messages=(MESSAGE,),
    moves=0,
)
voided = SessionVoided(
    session_id=SESSION,
    employee_id=AINO,
    coach_id=SANNA,
    team_id=TEAM,
    held_at=STARTS,
    action_ids=(ACTION,),
    reason="Written down for the wrong person.",
)
acknowledged = SessionAcknowledged(session_id=SESSION, employee_id=AINO, comment="The new script helps too.")
reminded = AcknowledgementReminded(session_id=SESSION, employee_id=AINO)
remarked = RemarkAdded(session_id=SESSION, employee_id=AINO, remark_id=REMARK, text="It was the other script.")

action_agreed = ActionAgreed(
    action_id=ACTION,
    employee_id=AINO,
    coach_id=SANNA,
    team_id=TEAM,
    session_id=SESSION,
    owner="employee",
    text="Tries the search by number first.",
    follow_up_on=date(2027, 4, 1),
)
other_agreed = action_agreed.model_copy(
    update={"action_id": OTHER_ACTION, "session_id": None, "follow_up_on": date(2027, 3, 15), "owner": "coach"}
)
other_carried = ActionCarriedOver(
    action_id=OTHER_ACTION,
    employee_id=AINO,
    team_id=TEAM,
    times=1,
    follow_up_on=date(2027, 4, 8),
    note="No time yet.",
)
action_fell_due = ActionFellDue(
    action_id=ACTION, employee_id=AINO, coach_id=SANNA, team_id=TEAM, follow_up_on=date(2027, 4, 1)
)
action_done = ActionDone(action_id=ACTION, employee_id=AINO, on=date(2027, 4, 1), note="Every time now.")
action_dropped = ActionDropped(action_id=ACTION, employee_id=AINO, note="The search was replaced.")
