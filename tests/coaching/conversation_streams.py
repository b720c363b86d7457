"""Whole streams around conversations, with the mistakes that real ones have, for read models."""

from datetime import date
from uuid import UUID

from services.coaching.events.form import QuestionAdded, QuestionChanged, QuestionRemoved
from shared.core.event import Event
from shared.testing.interleavings import Fact, history
from tests.coaching.cast import (
    ACTION,
    AINO,
    FORM,
    NEXT_SESSION,
    ONNI,
    OTHER_ACTION,
    OTHER_FORM,
    SESSION,
    TUULA,
    at,
)
from tests.coaching.forms import asks, published, retired, started
from tests.coaching.people_matters import (
    ISSUE,
    RECOGNITION,
    escalated_again,
    goal_measured,
    goal_progressed,
    goal_reached,
    goal_set,
    issue_backed,
    issue_escalated,
    issue_raised,
    issue_resolved,
    issue_taken_up,
    number_dropped,
    number_set,
    recognition_given,
    reward_granted,
)
from tests.coaching.plans import (
    cadence_set,
    coach_changed,
    coaching_missed,
    need_met,
    need_raised,
    next_dropped,
    next_noted,
    other_raised,
    plan_ended,
    plan_moved,
    plan_opened,
    plan_paused,
    series_planned,
    session_counted,
    session_noted,
    session_uncounted,
    what_matters,
)
from tests.coaching.sessions import (
    acknowledged,
    action_agreed,
    action_done,
    action_dropped,
    action_fell_due,
    aino_prepared,
    cancelled,
    clashed,
    handed_over,
    left_open,
    other_agreed,
    other_carried,
    remarked,
    reminded,
    sanna_prepared,
    session_booked,
    session_held,
    session_moved,
    voided,
)

HELD_LATER = UUID(int=33)
SECOND = UUID(int=34)


def told(facts: tuple[Event, ...], **fields: object) -> tuple[Event, ...]:
    """The same facts, told of somebody or something else."""
    return tuple(
        fact.model_copy(update={name: value for name, value in fields.items() if name in type(fact).model_fields})
        for fact in facts
    )


# Forms

FORM_EVENTS: tuple[Event, ...] = (
    started,
    published,
    QuestionAdded(form_id=FORM, question=asks("new"), after="expected"),
    QuestionChanged(form_id=FORM, question=asks("anything", text="What else?")),
    QuestionRemoved(form_id=FORM, code="seen"),
)
FORM_STREAM = history(f"coaching.form-{FORM}", *FORM_EVENTS)
OTHER_FORM_STREAM = history(f"coaching.form-{OTHER_FORM}", *told((started, published, retired), form_id=OTHER_FORM))

# Plans

PLAN_EVENTS: tuple[Event, ...] = (
    plan_opened,
    cadence_set.model_copy(update={"interval_days": 30}),
    series_planned,
    session_noted,
    next_noted,
    coach_changed,
    need_raised,
    other_raised,
    what_matters,
    coaching_missed,
    session_counted,
    need_met,
    session_uncounted,
    plan_paused,
    next_dropped,
    plan_moved,
    plan_ended,
)
PLAN_STREAM = history(f"coaching.plan-{AINO}", *PLAN_EVENTS)
ONNI_PLAN_STREAM = history(
    f"coaching.plan-{ONNI}",
    *told((plan_opened, coaching_missed, plan_paused), person_id=ONNI),
    *told((session_counted,), person_id=ONNI, session_id=HELD_LATER, held_on=date(2027, 3, 30)),
    *told((plan_ended, plan_opened), person_id=ONNI),
)

# Sessions: one with everything, voided at the end; one cancelled; one held, and not acknowledged

SESSION_EVENTS: tuple[Event, ...] = (
    session_booked,
    aino_prepared,
    sanna_prepared,
    aino_prepared,
    clashed,
    session_moved.model_copy(update={"starts_at": session_booked.starts_at, "move_no": 0}),
    left_open,
    session_moved,
    handed_over,
    session_held,
    reminded,
    acknowledged,
    remarked,
)
SESSION_STREAM = history(f"coaching.session-{SESSION}", *SESSION_EVENTS, voided, at=at(8))
NOT_VOIDED = history(f"coaching.session-{SESSION}", *SESSION_EVENTS, at=at(8))
NEXT_STREAM = history(
    f"coaching.session-{NEXT_SESSION}", *told((session_booked, left_open, cancelled), session_id=NEXT_SESSION)
)
LATER_STREAM = history(
    f"coaching.session-{HELD_LATER}",
    *told((session_booked, session_held), session_id=HELD_LATER, employee_id=ONNI, held_at=at(30, 10)),
)


def booked(session_id: UUID, **fields: object) -> tuple[Fact, ...]:
    """The stream of a session that nothing has happened to but the booking."""
    return history(f"coaching.session-{session_id}", *told((session_booked,), session_id=session_id, **fields))


# Actions, an issue that goes up, goals, thanks

ACTION_STREAM = history(f"coaching.action-{ACTION}", action_agreed, action_fell_due, action_done)
OTHER_ACTION_STREAM = history(f"coaching.action-{OTHER_ACTION}", other_agreed, action_fell_due, other_carried)
DROPPED = UUID(int=43)
DROPPED_STREAM = history(f"coaching.action-{DROPPED}", *told((action_agreed, action_dropped), action_id=DROPPED))
ISSUE_STREAM = history(
    f"coaching.issue-{ISSUE}",
    *(issue_raised, issue_backed, issue_escalated, escalated_again, issue_taken_up, issue_resolved),
)
OTHER_ISSUE = UUID(int=84)
OTHER_ISSUE_STREAM = history(f"coaching.issue-{OTHER_ISSUE}", *told((issue_raised,), issue_id=OTHER_ISSUE))
GOALS_STREAM = history(
    f"coaching.goals-{AINO}",
    *(goal_set, number_set, goal_measured, goal_progressed, goal_reached, number_dropped),
)
TUULAS_GOALS_STREAM = history(f"coaching.goals-{TUULA}", *told((goal_set, goal_progressed), person_id=TUULA))
THANKS_STREAM = history(f"coaching.recognition-{RECOGNITION}", recognition_given, reward_granted)
OTHER_THANKS = UUID(int=85)
OTHER_THANKS_STREAM = history(
    f"coaching.recognition-{OTHER_THANKS}",
    *told((recognition_given,), recognition_id=OTHER_THANKS, person_id=ONNI, public=False),
)
SESSION_STREAMS: tuple[tuple[Fact, ...], ...] = (SESSION_STREAM, NEXT_STREAM, LATER_STREAM)
ACTION_STREAMS = (ACTION_STREAM, OTHER_ACTION_STREAM, DROPPED_STREAM)
