"""Times as somebody types them on a command line."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from shared.ops.printing import WrongUse

BEGINS = "Without an offset it is in LUOTSI_TIME_ZONE; a day is its beginning."
ENDS = "Without an offset it is in LUOTSI_TIME_ZONE; a day is its end."

Before = Annotated[
    str | None, typer.Option("--before", metavar="TIME", help=f"Only those from before this time. {BEGINS}")
]


def instant(text: str | None, zone: str, option: str, *, day_ends: bool = False) -> datetime | None:
    """Without an offset it is told in `zone`. A day alone is its beginning or its end, as the option means it."""
    if text is None:
        return None
    try:
        return _read(text, ZoneInfo(zone), timedelta(days=day_ends))
    except (ValueError, OverflowError):
        raise WrongUse(f"{option}: {text} is no time: write 2027-03-01T09:30 or 2027-03-01") from None


def _read(text: str, zone: ZoneInfo, into_the_day: timedelta) -> datetime:
    with suppress(ValueError):
        return datetime.combine(date.fromisoformat(text) + into_the_day, time(), zone)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=zone)
