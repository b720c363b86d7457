"""Before the conversation: it is booked, prepared, handed over, moved as a last resort, cancelled."""

from collections.abc import Sequence
from datetime import timedelta

from services.coaching.deciders.form import in_use, newest_of
from services.coaching.deciders.plan import coached_on, refuse_paused
from services.coaching.deciders.session.commands import (
    BookSession,
    CancelSession,
    FlagLeftOpen,
    HandOverSession,
    MoveSession,
    NoteClash,
    PrepareSession,
)
from services.coaching.deciders.session.state import (
    Booked,
    Cancelled,
    Held,
    Session,
    Talk,
    Unbooked,
    known,
    still_booked,
)
from services.coaching.deciders.times import refuse_beyond_horizon
from services.coaching.events.session import (
    SessionBooked,
    SessionCancelled,
    SessionClashed,
    SessionHandedOver,
    SessionLeftOpen,
    SessionMoved,
    SessionPrepared,
    Side,
)
from shared.core.decider import Asked, Rejected, Seen

BOOKED_AFTERWARDS = timedelta(days=14)
NOT_AT_SHORT_NOTICE = timedelta(days=7)
FARTHEST = timedelta(days=14)
MOST_MOVES = 3
AVOIDABLE = ("employee-wish", "busy")


def book_session(command: BookSession, session: Session, seen: Seen, asked: Asked) -> Sequence[SessionBooked]:
    """Nothing is booked into a pause; a talk that the two had all the same is written down."""
    if not isinstance(session, Unbooked):
        if all(getattr(session.talk.booked, name) == value for name, value in command):
            return []
        raise Rejected("session-exists", "a session with this id was booked with other fields")
    day = command.starts_at.date()
    if not coached_on(seen.plan, day):
        raise Rejected("plan-not-open", "the person has no coaching plan that is open on that day")
    if command.starts_at > asked.at:
        refuse_paused(day, seen.plan.book)
    form = in_use(seen.form) if asked.by_person else newest_of(seen.form)
    if form is None:
        raise Rejected("form-unpublished", "there is no such published form to talk through")
    if command.coach_id == command.employee_id:
        raise _coaching_oneself()
    if command.starts_at < asked.at - BOOKED_AFTERWARDS:
        raise Rejected("in-the-past", f"a talk is written down within {BOOKED_AFTERWARDS.days} days")
    refuse_beyond_horizon(command.starts_at, asked)
    return [SessionBooked(**dict(command), team_id=seen.plan.book.team_then(day))]


def prepare_session(command: PrepareSession, session: Session, asked: Asked) -> Sequence[SessionPrepared]:
    talk = known(session)
    if talk.topics.get(command.side) == command.topics:
        return []
    still_booked(session)
    if _side_of(talk, asked) != command.side:
        raise Rejected("not-a-party", "the employee and the coach prepare, each their own side")
    return [SessionPrepared(**dict(command), employee_id=talk.booked.employee_id)]


def hand_over_session(command: HandOverSession, session: Session) -> Sequence[SessionHandedOver]:
    talk = known(session)
    if command.coach_id == talk.coach_id:
        return []
    still_booked(session)
    if command.coach_id == talk.booked.employee_id:
        raise _coaching_oneself()
    return [
        SessionHandedOver(
            session_id=command.session_id,
            employee_id=talk.booked.employee_id,
            coach_id=command.coach_id,
            coach_id_before=talk.coach_id,
            team_id=talk.team_id,
            starts_at=talk.starts_at,
        )
    ]


def move_session(command: MoveSession, session: Session, seen: Seen, asked: Asked) -> Sequence[SessionMoved]:
    """To the same time it is kept: after a clash, or for the team of that day."""
    talk = known(session)
    team_id = seen.plan.book.team_on(command.starts_at.date()) or talk.team_id
    kept = command.starts_at == talk.starts_at
    if kept and not talk.open_clash and (team_id == talk.team_id or not isinstance(session, Booked)):
        return []
    still_booked(session)
    side = _side_of(talk, asked)
    if side is None:
        raise Rejected("not-a-party", "the employee or the coach moves a session; others take it over first")
    if command.starts_at < asked.at:
        raise Rejected("in-the-past", "a session is moved to a time to come")
    if not kept:
        _refuse_move(command, talk, asked)
    return [
        SessionMoved(
            **talk.parties,
            team_id=team_id,
            team_id_before=talk.team_id,
            starts_at_before=talk.starts_at,
            starts_at=command.starts_at,
            minutes=talk.booked.minutes,
            move_no=talk.moves + (not kept),
            reason=command.reason,
            note=command.note,
            moved_by=side,
        )
    ]


def _refuse_move(command: MoveSession, talk: Talk, asked: Asked) -> None:
    if command.reason in AVOIDABLE:
        soon = talk.starts_at < asked.at + NOT_AT_SHORT_NOTICE
        if soon or talk.moves:
            raise Rejected("not-last-resort", "being busy or a wish moves a session once, a week ahead")
    if talk.moves >= MOST_MOVES:
        raise Rejected("moved-too-often", f"moved {MOST_MOVES} times already: hold it, or cancel it with the reason")
    if command.starts_at.date() > talk.booked.starts_at.date() + FARTHEST:
        raise Rejected("moved-too-far", f"a session is held within {FARTHEST.days} days of its first time")
    refuse_beyond_horizon(command.starts_at, asked)


def note_clash(command: NoteClash, session: Session) -> Sequence[SessionClashed]:
    talk = known(session)
    if command.clash in talk.clashes or not isinstance(session, Booked):
        return []
    return [SessionClashed(**talk.parties, clash=command.clash, cause=command.cause)]


def cancel_session(command: CancelSession, session: Session, asked: Asked) -> Sequence[SessionCancelled]:
    talk = known(session)
    if isinstance(session, Cancelled) and all(getattr(session.cancelled, name) == value for name, value in command):
        return []
    if isinstance(session, Held):
        if asked.by_person:
            raise Rejected("session-held", "the conversation was held: void the record if that is wrong")
        return []
    still_booked(session)
    if command.reason == "other" and command.note is None:
        raise Rejected("note-missing", "another reason is told in words")
    return [
        SessionCancelled(
            **talk.parties,
            team_id=talk.team_id,
            starts_at=talk.starts_at,
            reason=command.reason,
            note=command.note,
        )
    ]


def flag_left_open(command: FlagLeftOpen, session: Session) -> Sequence[SessionLeftOpen]:
    talk = known(session)
    if not isinstance(session, Booked) or talk.left_open or talk.starts_at != command.starts_at:
        return []
    return [SessionLeftOpen(**talk.parties, team_id=talk.team_id, starts_at=talk.starts_at)]


def _side_of(talk: Talk, asked: Asked) -> Side | None:
    sides: dict[str, Side] = {str(talk.coach_id): "coach", str(talk.booked.employee_id): "employee"}
    return sides.get(asked.actor)


def _coaching_oneself() -> Rejected:
    return Rejected("coach-is-employee", "nobody coaches themselves")
