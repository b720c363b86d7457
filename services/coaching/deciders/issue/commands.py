"""What may be asked about an issue."""

from typing import Annotated, Literal
from uuid import UUID

from services.coaching.events.issue import About
from shared.core.decider import Command, example, if_over, if_unknown
from shared.core.event import Personal
from shared.core.types import Day, Text1000, Text2000

ISSUE = "0195b1c0-0000-7000-8000-0000000000c1"
OF_ISSUE = Personal("person_id")
NO_ISSUE = if_unknown("issue") | if_over("issue")


class RaiseIssue(Command):
    """Say what must be addressed, and by when. Who said it is told to nobody."""

    model_config = example(
        issue_id=ISSUE,
        team_id="0195b1c0-0000-7000-8000-0000000000b1",
        about="practice",
        kind="workload",
        text="Evening shifts start without anybody to ask.",
        address_by="2027-03-15",
    )
    refused = {
        "deadline-too-late": "later than an issue of this level may wait, or more time was taken once already",
        "in-the-past": "an issue is addressed by a day to come",
        "issue-exists": "an issue with this id was raised with other fields",
        "person-missing": "an issue about a person says whom",
    }
    issue_id: UUID
    team_id: UUID
    about: About
    person_id: UUID | None = None
    kind: Annotated[
        Literal["conduct", "quality", "workload", "collaboration", "safety", "wellbeing", "other"], OF_ISSUE
    ]
    text: Annotated[Text2000, OF_ISSUE]
    address_by: Day


class BackIssue(Command):
    """Stand behind an issue that somebody else has raised."""

    model_config = example(issue_id=ISSUE)
    refused = NO_ISSUE
    issue_id: UUID


class TakeUpIssue(Command):
    """Say who deals with the issue, and how; once, a longer time may be taken."""

    model_config = example(
        issue_id=ISSUE,
        handler_id="0195b1c0-0000-7000-8000-000000000002",
        plan="The deputy stays until six for four weeks; then we look at the numbers.",
        address_by="2027-03-22",
    )
    refused = NO_ISSUE | {
        "deadline-too-late": "later than an issue of this level may wait, or more time was taken once already",
        "handler-is-subject": "somebody else deals with an issue than the person it is about",
        "in-the-past": "an issue is addressed by a day to come",
    }
    issue_id: UUID
    handler_id: UUID
    plan: Annotated[Text1000, OF_ISSUE]
    address_by: Day | None = None


class ResolveIssue(Command):
    """Say what has come of the issue."""

    model_config = example(issue_id=ISSUE, outcome="corrected", note="Two seniors share the evenings now.")
    refused = NO_ISSUE | {
        "handler-is-subject": "somebody else resolves an issue than the person it is about",
        "not-the-handler": "whoever took the issue up resolves it; somebody else takes it up first",
        "not-taken-up": "somebody takes the issue up before it is resolved",
    }
    issue_id: UUID
    outcome: Literal["corrected", "agreed-action", "unfounded", "moved-on"]
    note: Annotated[Text1000, OF_ISSUE]


class EscalateIssue(Command):
    """Tell the next level that nothing was resolved in time."""

    model_config = example(issue_id=ISSUE, address_by="2027-03-15")
    refused = if_unknown("issue")
    issue_id: UUID
    address_by: Day


IssueCommand = RaiseIssue | BackIssue | TakeUpIssue | ResolveIssue | EscalateIssue
