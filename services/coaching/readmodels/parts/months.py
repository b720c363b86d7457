"""Months back from a day, as read models count them."""

from datetime import date


def months_before(day: date, months: int) -> date:
    """The first of the month so many months before."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)
