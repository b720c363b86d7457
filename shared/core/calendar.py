"""Working days: Monday to Friday. Public holidays are not known here."""

from datetime import date, timedelta

DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`; `day` itself when count is 0."""
    weeks, rest = divmod(count, 5)
    if not is_working_day(day) and count:
        day -= DAY * (day.weekday() - 4)
    day += timedelta(weeks=weeks)
    for _ in range(rest):
        day += DAY * (3 if day.weekday() == 4 else 1)
    return day


def working_day_before(day: date) -> date:
    day -= DAY
    while not is_working_day(day):
        day -= DAY
    return day


def working_days(after: date, upto: date) -> int:
    """Working days after `after`, up to and with `upto`; 0 when `upto` is not later."""
    if upto <= after:
        return 0
    weeks, rest = divmod((upto - after).days, 7)
    return weeks * 5 + sum(is_working_day(after + DAY * n) for n in range(1, rest + 1))
