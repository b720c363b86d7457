"""What can have happened to an issue: a matter that must be addressed. Who raised or backed it is told to nobody."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from shared.core.event import Event, Personal

About = Literal["person", "team", "practice"]
RAISER = Personal("raiser_id")
OF_ISSUE = Personal("person_id", otherwise="raiser_id")


class IssueRaised(Event, name="coaching.issue-raised"):
    """Somebody has said what must be addressed, and by when."""

    issue_id: UUID
    team_id: UUID
    raiser_id: Annotated[UUID | None, RAISER]
    about: About
    person_id: UUID | None = None
    kind: Annotated[str | None, OF_ISSUE]
    text: Annotated[str | None, OF_ISSUE]
    address_by: date


class IssueBacked(Event, name="coaching.issue-backed"):
    """Somebody else stands behind the issue; so many have by now."""

    issue_id: UUID
    backer_id: Annotated[UUID | None, Personal("backer_id")]
    times: int


class IssueTakenUp(Event, name="coaching.issue-taken-up"):
    """Somebody deals with the issue, with a plan, until this day."""

    issue_id: UUID
    team_id: UUID
    raiser_id: Annotated[UUID | None, RAISER]
    person_id: UUID | None = None
    handler_id: UUID
    plan: Annotated[str | None, OF_ISSUE]
    address_by: date


class IssueResolved(Event, name="coaching.issue-resolved"):
    """The issue has come to an end, with this outcome."""

    issue_id: UUID
    raiser_id: Annotated[UUID | None, RAISER]
    person_id: UUID | None = None
    outcome: str
    note: Annotated[str | None, OF_ISSUE]


class IssueEscalated(Event, name="coaching.issue-escalated"):
    """Nothing was resolved in time: the manager of the site (1), or the organisation (2), is to see to it."""

    issue_id: UUID
    team_id: UUID
    level: int
    address_by: date


IssueEvent = IssueRaised | IssueBacked | IssueTakenUp | IssueResolved | IssueEscalated
