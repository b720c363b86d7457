"""An issue: a matter that must be addressed. It cannot be withdrawn or forgotten; it ends resolved, with an outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.issue.commands import (
    BackIssue,
    EscalateIssue,
    IssueCommand,
    RaiseIssue,
    ResolveIssue,
    TakeUpIssue,
)
from services.coaching.events.issue import (
    IssueBacked,
    IssueEscalated,
    IssueEvent,
    IssueRaised,
    IssueResolved,
    IssueTakenUp,
)
from shared.core.decider import Asked, Decider, Rejected, Seen, over, unknown
from shared.core.replacing import replace

SOON, LATER, NEXT_LEVEL = timedelta(days=14), timedelta(days=28), timedelta(days=7)
HIGHEST = 2


@dataclass(frozen=True, slots=True)
class Case:
    """`times` it was backed, also by people who are erased; `lengthened`: more time was taken once.

    `taken_up` is the newest handler and plan.
    """

    raised: IssueRaised
    address_by: date
    backers: frozenset[UUID | None]
    times: int = 0
    level: int = 0
    lengthened: bool = False
    taken_up: IssueTakenUp | None = None


@dataclass(frozen=True, slots=True)
class Unraised:
    pass


@dataclass(frozen=True, slots=True)
class Raised:
    case: Case


@dataclass(frozen=True, slots=True)
class InHand:
    case: Case


@dataclass(frozen=True, slots=True)
class Resolved:
    case: Case
    resolved: IssueResolved


Issue = Unraised | Raised | InHand | Resolved


def stream_of(issue_id: UUID) -> str:
    return f"coaching.issue-{issue_id}"


def decide(command: IssueCommand, issue: Issue, seen: Seen, asked: Asked) -> Sequence[IssueEvent]:
    match command:
        case RaiseIssue():
            return _raise(command, issue, asked)
        case BackIssue():
            return _back(command, issue, asked)
        case TakeUpIssue():
            return _take_up(command, issue, asked)
        case ResolveIssue():
            return _resolve(command, issue, asked)
        case EscalateIssue():
            return _escalate(command, issue)
        case _:
            assert_never(command)


def _raise(command: RaiseIssue, issue: Issue, asked: Asked) -> Sequence[IssueEvent]:
    raised = IssueRaised(**dict(command), raiser_id=asked.person_id)
    if not isinstance(issue, Unraised):
        if issue.case.raised == raised:
            return []
        raise Rejected("issue-exists", "an issue with this id was raised with other fields")
    if command.about == "person" and command.person_id is None:
        raise Rejected("person-missing", "an issue about a person says whom")
    _refuse_days(command.address_by, SOON, asked)
    return [raised]


def _back(command: BackIssue, issue: Issue, asked: Asked) -> Sequence[IssueEvent]:
    """Who raised it stands behind it already."""
    case = _known(issue)
    if asked.person_id in case.backers | {case.raised.raiser_id}:
        return []
    _refuse_resolved(issue)
    return [IssueBacked(issue_id=command.issue_id, backer_id=asked.person_id, times=case.times + 1)]


def _take_up(command: TakeUpIssue, issue: Issue, asked: Asked) -> Sequence[IssueEvent]:
    case = _known(issue)
    address_by = command.address_by or case.address_by
    taken_up = IssueTakenUp(
        issue_id=command.issue_id,
        team_id=case.raised.team_id,
        raiser_id=case.raised.raiser_id,
        person_id=case.raised.person_id,
        handler_id=command.handler_id,
        plan=command.plan,
        address_by=address_by,
    )
    if _is_told(command, case):
        return []
    _refuse_resolved(issue)
    if str(case.raised.person_id) in (str(command.handler_id), asked.actor):
        raise Rejected("handler-is-subject", "somebody else deals with an issue than the person it is about")
    if address_by != case.address_by:
        if address_by > case.address_by and case.lengthened:
            raise Rejected("deadline-too-late", "more time was taken once already")
        _refuse_days(address_by, LATER, asked)
    return [taken_up]


def _is_told(command: TakeUpIssue, case: Case) -> bool:
    """Without a day of its own it is the same also after the day was put off."""
    taken_up = case.taken_up
    if taken_up is None or (taken_up.handler_id, taken_up.plan) != (command.handler_id, command.plan):
        return False
    return command.address_by in (None, taken_up.address_by)


def _refuse_days(day: date, longest: timedelta, asked: Asked) -> None:
    if day < asked.day:
        raise Rejected("in-the-past", "an issue is addressed by a day to come")
    if day > asked.day + longest:
        raise Rejected("deadline-too-late", f"an issue is addressed within {longest.days} days")


def _resolve(command: ResolveIssue, issue: Issue, asked: Asked) -> Sequence[IssueEvent]:
    raised = _known(issue).raised
    resolved = IssueResolved(**dict(command), raiser_id=raised.raiser_id, person_id=raised.person_id)
    if isinstance(issue, Resolved) and issue.resolved == resolved:
        return []
    _refuse_resolved(issue)
    if not isinstance(issue, InHand):
        raise Rejected("not-taken-up", "somebody takes the issue up before it is resolved")
    if asked.actor == str(raised.person_id):
        raise Rejected("handler-is-subject", "somebody else resolves an issue than the person it is about")
    assert issue.case.taken_up is not None, "an issue in hand was taken up"
    if asked.actor != str(issue.case.taken_up.handler_id):
        raise Rejected("not-the-handler", "whoever took the issue up resolves it: take it up first")
    return [resolved]


def _escalate(command: EscalateIssue, issue: Issue) -> Sequence[IssueEvent]:
    case = _known(issue)
    if isinstance(issue, Resolved) or case.address_by != command.address_by:
        return []
    return [
        IssueEscalated(
            issue_id=command.issue_id,
            team_id=case.raised.team_id,
            level=min(case.level + 1, HIGHEST),
            address_by=case.address_by + NEXT_LEVEL,
        )
    ]


def _known(issue: Issue) -> Case:
    if isinstance(issue, Unraised):
        raise unknown("issue")
    return issue.case


def _refuse_resolved(issue: Issue) -> None:
    if isinstance(issue, Resolved):
        raise over("issue")


def evolve(issue: Issue, event: IssueEvent) -> Issue:
    if isinstance(event, IssueRaised):
        return Raised(Case(event, event.address_by, frozenset()))
    assert not isinstance(issue, Unraised), "an issue begins with IssueRaised"
    case = issue.case
    match event:
        case IssueBacked():
            return replace(issue, case=replace(case, backers=case.backers | {event.backer_id}, times=event.times))
        case IssueTakenUp():
            lengthened = case.lengthened or event.address_by > case.address_by
            return InHand(replace(case, taken_up=event, address_by=event.address_by, lengthened=lengthened))
        case IssueResolved():
            return Resolved(case, event)
        case IssueEscalated():
            return replace(issue, case=replace(case, level=event.level, address_by=event.address_by))
        case _:
            assert_never(event)


issue: Decider[IssueCommand, Issue, IssueEvent] = Decider(
    kind="issue",
    commands=IssueCommand,
    events=IssueEvent,
    stream=lambda command: stream_of(command.issue_id),
    initial=Unraised(),
    decide=decide,
    evolve=evolve,
)

__all__ = [
    "BackIssue",
    "EscalateIssue",
    "RaiseIssue",
    "ResolveIssue",
    "TakeUpIssue",
    "issue",
]
