"""When something may be booked, and told to have happened."""

from datetime import datetime, timedelta

from shared.core.decider import Asked, Rejected

HORIZON = timedelta(weeks=26)


def refuse_unbookable(starts_at: datetime, asked: Asked) -> None:
    if starts_at < asked.at:
        raise Rejected("in-the-past", "it is booked for a time to come")
    if starts_at > asked.at + HORIZON:
        raise Rejected("beyond-horizon", "nothing is booked more than 26 weeks ahead")


def refuse_unheld(held_at: datetime, asked: Asked) -> None:
    if held_at > asked.at:
        raise Rejected("held-in-future", "it has not been held yet")
