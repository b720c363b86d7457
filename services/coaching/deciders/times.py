"""When something may be booked, and told to have happened: no stream, but what several of them refuse alike."""

from datetime import datetime, timedelta

from shared.core.decider import Asked, Rejected

HORIZON = timedelta(weeks=26)


def refuse_unbookable(starts_at: datetime, asked: Asked) -> None:
    if starts_at < asked.at:
        raise Rejected("in-the-past", "it is booked for a time to come")
    refuse_beyond_horizon(starts_at, asked)


def refuse_beyond_horizon(starts_at: datetime, asked: Asked) -> None:
    if starts_at > asked.at + HORIZON:
        raise Rejected("beyond-horizon", f"nothing is booked more than {HORIZON.days // 7} weeks ahead")


def refuse_unheld(held_at: datetime, asked: Asked) -> None:
    if held_at > asked.at:
        raise Rejected("held-in-future", "it has not been held yet")
