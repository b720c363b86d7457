"""Conversations: when the two talk, and what is written down of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.cast import FORM, SANNA
from demo.script import Ask, Body, Person, derived, id_of

EVERY = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Said:
    """What went well, what was hard, and what the employee will do until next time."""

    success: str
    challenge: str
    action: str


@dataclass(frozen=True, slots=True)
class Series:
    """Three talks, 28 days apart at one time of day, and what is said in those of the story."""

    employee: Person
    first: datetime
    said: Sequence[Said]

    def starts(self, number: int) -> datetime:
        return self.first + (number - 1) * EVERY

    def session(self, number: int) -> str:
        return derived("session", self.employee.id, self.starts(number), 1)

    def action(self, number: int) -> str:
        return id_of("action", f"{self.employee.label} {number}")


def planning(series: Series) -> Ask:
    body = {
        "person_id": series.employee.id,
        "coach_id": SANNA.id,
        "form_id": FORM,
        "first": series.first.isoformat(),
        "every_days": EVERY.days,
        "count": 3,
        "minutes": 45,
        "place": "site",
    }
    return Ask(SANNA, "plan-series", body, facts=["series-planned"])


def agreed(action_id: str, text: str, follow_up_on: datetime) -> Body:
    return {
        "action_id": action_id,
        "owner": "employee",
        "text": text,
        "follow_up_on": follow_up_on.date().isoformat(),
    }


def told(session_id: str, held_at: datetime, said: Said, **more: object) -> Body:
    """What `hold-session` takes: the words of the two, and an action of the employee for the next time."""
    answers = [
        {"question": "expected", "text": "Every customer hangs up knowing that the matter is settled."},
        {"question": "last-goals", "text": "On the way, and seen in the contacts."},
        {"question": "next-time", "text": said.action},
        {"question": "acted", "value": 4},
        {"question": "will-do", "text": said.action},
    ]
    return {
        "session_id": session_id,
        "held_at": held_at.isoformat(),
        "answers": answers,
        "successes": [said.success],
        "challenges": [said.challenge],
        "actions": [],
        "needs": [],
        "reviewed": [],
        "progress": [],
        "passed_on": [],
        "messages": [],
        **more,
    }


def holding(series: Series, number: int, by: Person = SANNA, **more: object) -> Ask:
    """A talk of the series; from the second on, what was agreed in the one before is looked at first."""
    at, said = series.starts(number), series.said[number - 1]
    body = told(
        series.session(number),
        at,
        said,
        actions=[agreed(series.action(number), said.action, at + EVERY)],
        reviewed=[{"action_id": series.action(number - 1), "outcome": "done"}] if number > 1 else [],
    )
    return Ask(by, "hold-session", {**body, **more}, facts=["session-held"])
