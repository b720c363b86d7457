"""Who, where and when in coaching's tests."""

from datetime import date, datetime, timedelta, timezone
from typing import Any, TypeVar
from uuid import UUID

from shared.core.decider import Command

C = TypeVar("C", bound=Command)

WINTER = timezone(timedelta(hours=2))
SUMMER = timezone(timedelta(hours=3))

AINO, ONNI, SANNA, DANI, HANNA, MARKKU, TUULA = (UUID(int=number) for number in range(1, 8))
TEAM, OTHER_TEAM = UUID(int=11), UUID(int=12)
FORM, OTHER_FORM = UUID(int=21), UUID(int=22)
SESSION, NEXT_SESSION = UUID(int=31), UUID(int=32)
ACTION, OTHER_ACTION = UUID(int=41), UUID(int=42)
GOAL, NUMBER_GOAL = UUID(int=51), UUID(int=52)
NEED, OTHER_NEED = UUID(int=61), UUID(int=62)

MONDAY = date(2027, 3, 1)


def changed(command: C, **fields: Any) -> C:
    """The same command with other fields, checked anew."""
    return type(command)(**dict(command) | fields)


def at(day: int, hour: int = 9, month: int = 3, minute: int = 0) -> datetime:
    """In Tampere; clocks go forward on 28 March."""
    zone = SUMMER if (month, day) >= (3, 28) else WINTER
    return datetime(2027, month, day, hour, minute, tzinfo=zone)
