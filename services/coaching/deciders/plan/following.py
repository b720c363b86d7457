"""What follows from where the person is: the plan is opened, moved, ended; paused, and its rhythm set."""

from collections.abc import Sequence

from services.coaching.deciders.plan.commands import EndPlan, FlagMissing, MovePlan, OpenPlan, PausePlan, SetCadence
from services.coaching.deciders.plan.rhythm import lengthened, next_due_on, with_pause
from services.coaching.deciders.plan.state import Open, Pause, Plan, coached, coached_on, known
from services.coaching.events.plan import CadenceSet, CoachingMissed, PlanEnded, PlanMoved, PlanOpened, PlanPaused
from shared.core.decider import Asked, Rejected
from shared.core.replacing import replace

RAREST, OFTENEST = 31, 7


def open_plan(command: OpenPlan, plan: Plan, asked: Asked) -> Sequence[PlanOpened]:
    """An open plan whose first day has come stays as it is, unless the day was wrong and is still to come. One still to
    come may begin on another day.

    Who joins before the last day has passed never left: the plan goes on with the rhythm and the pauses it had.
    """
    book = plan.book
    if command.seq <= book.seq:
        return []
    if isinstance(plan, Open):
        assert book.from_day is not None, "an open plan has a first day"
        same = book.from_day == command.from_day and book.team_on(command.from_day) == command.team_id
        if same or max(book.from_day, command.from_day) <= asked.day:
            return []
    anew = replace(book, from_day=command.from_day, missed=None)
    if not coached_on(plan, command.from_day):
        anew = replace(anew, interval_days=command.interval_days, pauses=())
    return [
        PlanOpened(
            person_id=command.person_id,
            team_id=command.team_id,
            from_day=command.from_day,
            interval_days=anew.interval_days,
            next_due_on=next_due_on(anew, asked.day),
            seq=command.seq,
        )
    ]


def move_plan(command: MovePlan, plan: Plan) -> Sequence[PlanMoved]:
    book = known(plan)
    if not coached_on(plan, command.from_day) or command.seq <= book.seq:
        return []
    if book.team_on(command.from_day) == command.team_id:
        return []
    return [PlanMoved(**dict(command))]


def end_plan(command: EndPlan, plan: Plan) -> Sequence[PlanEnded]:
    book = known(plan)
    if not isinstance(plan, Open) or command.seq <= book.seq:
        return []
    still_booked = [session for session, at in book.bookings.items() if at.date() > command.on]
    return [PlanEnded(**dict(command), session_ids=tuple(still_booked))]


def set_cadence(command: SetCadence, plan: Plan, asked: Asked) -> Sequence[CadenceSet]:
    book = coached(plan, asked.day)
    if command.interval_days > RAREST:
        raise Rejected("too-rare", f"everybody is coached every {RAREST} days at least")
    if command.interval_days < OFTENEST:
        raise Rejected("too-often", f"between two sessions there are {OFTENEST} days at least")
    if command.interval_days == book.interval_days:
        return []
    due = next_due_on(replace(book, interval_days=command.interval_days), asked.day)
    return [CadenceSet(**dict(command), team_id=book.team_then(asked.day), next_due_on=due)]


def pause_plan(command: PausePlan, plan: Plan, asked: Asked) -> Sequence[PlanPaused]:
    book, pause = coached(plan, asked.day), Pause(command.from_day, command.until_day)
    if pause.until_day < pause.from_day:
        raise Rejected("dates-reversed", "a pause ends on its first day at the earliest")
    pause = lengthened(pause, book.pauses, asked.day)
    if pause in book.pauses:
        return []
    paused = replace(book, pauses=with_pause(book.pauses, pause))
    inside = [session for session, at in book.bookings.items() if pause.covers(at.date()) and at > asked.at]
    return [
        PlanPaused(
            **dict(command) | {"from_day": pause.from_day},
            team_id=book.team_then(asked.day),
            next_due_on=next_due_on(paused, asked.day),
            session_ids=tuple(inside),
        )
    ]


def flag_missing(command: FlagMissing, plan: Plan, asked: Asked) -> Sequence[CoachingMissed]:
    book = known(plan)
    if not coached_on(plan, command.due_on) or (book.next_due_on or command.due_on) > command.due_on:
        return []
    return [
        CoachingMissed(
            **dict(command),
            team_id=book.team_then(command.due_on),
            last_held_on=max(book.held.values(), default=None),
            next_due_on=next_due_on(replace(book, missed=book.missing(command.due_on)), asked.day),
        )
    ]
