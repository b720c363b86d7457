"""What is booked: a series planned, another coach, and the bookings that the plan hears of."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from services.coaching.deciders.form import in_use
from services.coaching.deciders.plan.commands import ChangeCoach, DropBooking, NoteBooking, PlanSeries
from services.coaching.deciders.plan.state import Book, Plan, coached_on, known, opened, refuse_paused
from services.coaching.deciders.times import refuse_beyond_horizon
from services.coaching.events.plan import (
    BookingDropped,
    BookingNoted,
    BookingOrphaned,
    CoachChanged,
    SeriesPlanned,
    Slot,
)
from shared.core.decider import Asked, Rejected, Seen
from shared.core.ids import derive


def plan_series(command: PlanSeries, plan: Plan, seen: Seen, asked: Asked) -> Sequence[SeriesPlanned]:
    book, starts = opened(plan), _starts(command, asked)
    if any(_is_the_same(series, command, starts, book) for series in book.series):
        return []
    if in_use(seen.form) is None:
        raise Rejected("form-unpublished", "there is no such published form to talk through")
    _refuse_self(command.coach_id, command.person_id)
    if starts[0] < asked.at:
        raise Rejected("in-the-past", "a series begins later than now")
    refuse_beyond_horizon(starts[-1], asked)
    for each in starts:
        refuse_paused(each.date(), book)
    number = len(book.series) + 1
    slots = tuple(
        Slot(session_id=derive("session", command.person_id, each, number), starts_at=each) for each in starts
    )
    return [
        SeriesPlanned(
            person_id=command.person_id,
            team_id=book.team_then(starts[0].date()),
            coach_id=command.coach_id,
            form_id=command.form_id,
            minutes=command.minutes,
            place=command.place,
            series_no=number,
            sessions=slots,
        )
    ]


def _starts(command: PlanSeries, asked: Asked) -> list[datetime]:
    """The same time of day, over a change of clocks too; one that a day lacks is an hour later."""
    first = command.first.astimezone(asked.at.tzinfo)
    days = (timedelta(days=command.every_days * n) for n in range(command.count))
    return [_fixed(first + each) for each in days]


def _fixed(local: datetime) -> datetime:
    """The instant, with the offset that holds then."""
    there = local.astimezone(UTC).astimezone(local.tzinfo)
    return there.replace(tzinfo=timezone(there.utcoffset() or timedelta()), fold=0)


def _is_the_same(series: SeriesPlanned, command: PlanSeries, starts: Sequence[datetime], book: Book) -> bool:
    """Planned before, and not dropped since as a whole."""
    fields = ("coach_id", "form_id", "minutes", "place")
    if any(getattr(series, field) != getattr(command, field) for field in fields):
        return False
    if book.dropped.issuperset(slot.session_id for slot in series.sessions):
        return False
    return [slot.starts_at for slot in series.sessions] == list(starts)


def change_coach(command: ChangeCoach, plan: Plan) -> Sequence[CoachChanged]:
    book = opened(plan)
    _refuse_self(command.coach_id, command.person_id)
    booked = tuple(session for session, at in book.bookings.items() if at.date() >= command.from_day)
    changed = CoachChanged(**dict(command), session_ids=booked)
    return [] if changed == book.coach_changed else [changed]


def _refuse_self(coach_id: UUID, person_id: UUID) -> None:
    if coach_id == person_id:
        raise Rejected("coach-is-employee", "nobody coaches themselves")


def note_booking(command: NoteBooking, plan: Plan) -> Sequence[BookingNoted | BookingOrphaned]:
    if command.seq <= known(plan).seqs.get(command.session_id, 0):
        return []
    if coached_on(plan, command.starts_at.date()):
        return [BookingNoted(**dict(command))]
    return [BookingOrphaned(**dict(command))]


def drop_booking(command: DropBooking, plan: Plan) -> Sequence[BookingDropped]:
    if command.seq <= known(plan).seqs.get(command.session_id, 0):
        return []
    return [BookingDropped(**dict(command))]
