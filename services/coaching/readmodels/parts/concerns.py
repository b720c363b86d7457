"""What team_board keeps of a team's matters: feedback that waits for an answer, and issues to be addressed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from services.coaching.events.issue import IssueEscalated, IssueRaised, IssueResolved, IssueTakenUp
from services.coaching.inbox.feedback import (
    FeedbackAccepted,
    FeedbackAcknowledged,
    FeedbackAssigned,
    FeedbackClosed,
    FeedbackDeclined,
    FeedbackDeferred,
    FeedbackEscalated,
    FeedbackReopened,
    FeedbackRevived,
    FeedbackSubmitted,
    FeedbackToldBack,
    FeedbackWithdrawn,
    ItemFact,
)
from shared.core.event import Recorded
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class BoardItem:
    """A piece of feedback. `decide_by` is empty once it was decided, `tell_back_by` once the giver was told."""

    item_id: UUID
    team_id: UUID | None = None
    acknowledge_by: datetime | None = None
    decide_by: date | None = None
    tell_back_by: date | None = None
    level: int = 0
    over: bool = False


def item_of(event: ItemFact, _: Recorded) -> UUID:
    return event.item_id


def item(row: BoardItem | None, event: ItemFact, _: Recorded) -> BoardItem:
    row = row or BoardItem(event.item_id)
    match event:
        case FeedbackSubmitted():
            there = replace(row, team_id=event.team_id, acknowledge_by=event.acknowledge_by)
            return replace(there, decide_by=event.decide_by)
        case FeedbackAcknowledged():
            return replace(row, acknowledge_by=None)
        case FeedbackAssigned() | FeedbackRevived():
            return replace(row, decide_by=event.decide_by)
        case FeedbackAccepted() | FeedbackDeclined():
            return replace(row, decide_by=None, tell_back_by=event.tell_back_by)
        case FeedbackDeferred():
            return replace(row, decide_by=event.until, tell_back_by=event.tell_back_by)
        case FeedbackToldBack():
            return replace(row, tell_back_by=None)
        case FeedbackReopened():
            return replace(row, decide_by=event.decide_by, tell_back_by=None, over=False)
        case FeedbackEscalated():
            return replace(row, level=event.level)
        case FeedbackClosed() | FeedbackWithdrawn():
            return replace(row, over=True)
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class BoardIssue:
    """`about_id` is a person, under another name than the board's people: no watcher is told of them with the row."""

    issue_id: UUID
    team_id: UUID | None = None
    about_id: UUID | None = None
    level: int = 0
    state: str = "raised"


BoardIssueEvent = IssueRaised | IssueTakenUp | IssueEscalated | IssueResolved


def issue_of(event: BoardIssueEvent, _: Recorded) -> UUID:
    return event.issue_id


def issue(row: BoardIssue | None, event: BoardIssueEvent, _: Recorded) -> BoardIssue:
    row = row or BoardIssue(event.issue_id)
    match event:
        case IssueRaised():
            return replace(row, team_id=event.team_id, about_id=event.person_id)
        case IssueTakenUp():
            return replace(row, state="in-hand")
        case IssueEscalated():
            return replace(row, level=event.level)
        case IssueResolved():
            return replace(row, state="resolved")
        case _:
            assert_never(event)
