"""What team_board keeps of people's days, as scheduling tells them: shifts of published weeks, and activities."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from services.coaching.inbox.scheduling import (
    ActivityDisplaced,
    ActivityFact,
    ActivityPlaced,
    ActivityRemoved,
    PlaceChosen,
    Shift,
    ShiftChanged,
    ShiftPicked,
    ShiftPlaced,
    ShiftReleased,
    ShiftRemoved,
    SwapMade,
    WeekPublished,
)
from shared.core.event import Recorded
from shared.core.replacing import replace

RosterFact = ShiftPlaced | ShiftChanged | ShiftRemoved | ShiftPicked | SwapMade | ShiftReleased | PlaceChosen


@dataclass(frozen=True, slots=True)
class BoardShift:
    """A shift; without a person it is open, `removed` it is planned no more."""

    shift_id: UUID
    team_id: UUID | None = None
    week: str | None = None
    person_id: UUID | None = None
    starts_on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    contact_types: tuple[str, ...] = ()
    place: str | None = None
    removed: bool = False


def shifts_of(event: RosterFact, _: Recorded) -> list[UUID]:
    match event:
        case ShiftPlaced() | ShiftChanged() | ShiftPicked() | ShiftReleased():
            return [event.shift.shift_id]
        case SwapMade():
            return [shift.shift_id for shift in event.shifts]
        case ShiftRemoved() | PlaceChosen():
            return [event.shift_id]
        case _:
            assert_never(event)


def shift(row: BoardShift | None, event: RosterFact, _: Recorded) -> BoardShift:
    match event:
        case ShiftPlaced() | ShiftChanged() | ShiftPicked():
            return _planned(event.shift, event.team_id, event.week)
        case SwapMade():
            return _swapped(row, event)
        case ShiftRemoved():
            return replace(row or BoardShift(event.shift_id), removed=True)
        case ShiftReleased():
            return replace(row or BoardShift(event.shift.shift_id), person_id=None)
        case PlaceChosen():
            return replace(row or BoardShift(event.shift_id), place=event.place)
        case _:
            assert_never(event)


def _swapped(row: BoardShift | None, event: SwapMade) -> BoardShift:
    """`row` tells which of the shifts is folded; they are of the week whose stream they stand in."""
    assert row is not None, "a shift is planned before it changes hands"
    told = next(shift for shift in event.shifts if shift.shift_id == row.shift_id)
    return _planned(told, event.team_id, event.week)


def _planned(told: Shift, team_id: UUID, week: str) -> BoardShift:
    return BoardShift(
        shift_id=told.shift_id,
        team_id=team_id,
        week=week,
        person_id=told.person_id,
        starts_on=told.starts_at.date(),
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        contact_types=told.contact_types,
        place=told.place,
    )


@dataclass(frozen=True, slots=True)
class BoardWeek:
    """A week of a team whose shifts hold."""

    team_id: UUID
    week: str


def week_of(event: WeekPublished, _: Recorded) -> tuple[UUID, str]:
    return event.team_id, event.week


def week(_row: BoardWeek | None, event: WeekPublished, _: Recorded) -> BoardWeek:
    return BoardWeek(event.team_id, event.week)


@dataclass(frozen=True, slots=True)
class BoardActivity:
    """Something else than contacts; one that was moved to another week stands in the streams of both weeks."""

    activity_id: UUID
    stream: str
    person_id: UUID
    kind: str | None = None
    starts_on: date | None = None
    starts_at: datetime | None = None
    minutes: int | None = None
    placed: bool = False


def activity_of(event: ActivityFact, recorded: Recorded) -> tuple[UUID, str]:
    return event.activity_id, recorded.stream


def activity(row: BoardActivity | None, event: ActivityFact, recorded: Recorded) -> BoardActivity:
    row = row or BoardActivity(event.activity_id, recorded.stream, event.person_id)
    match event:
        case ActivityPlaced():
            there = replace(row, kind=event.kind, starts_at=event.starts_at, starts_on=event.starts_at.date())
            return replace(there, minutes=event.minutes, placed=True)
        case ActivityRemoved() | ActivityDisplaced():
            return replace(row, placed=False)
        case _:
            assert_never(event)
