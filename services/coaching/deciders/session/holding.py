"""The conversation itself: written down whole, with a success, something agreed, and what was looked at again."""

from collections.abc import Sequence
from datetime import date

from services.coaching.deciders.action import Open as OpenAction
from services.coaching.deciders.action import Unagreed, is_kept, refuse_review
from services.coaching.deciders.form import newest_of
from services.coaching.deciders.session.answers import refuse_answers, score_of
from services.coaching.deciders.session.booking import BOOKED_AFTERWARDS
from services.coaching.deciders.session.record_commands import HoldSession
from services.coaching.deciders.session.state import Held, Session, Talk, Voided, known, still_booked
from services.coaching.events.session import SessionHeld
from services.coaching.events.shapes import AgreedAction, PassedOn
from shared.core.decider import Asked, Rejected, Seen


def hold_session(command: HoldSession, session: Session, seen: Seen, asked: Asked) -> Sequence[SessionHeld]:
    talk = known(session)
    if isinstance(session, Held | Voided):
        written = session.held if isinstance(session, Held) else session.record.held
        if _is_the_same(command, written, talk):
            return []
        if isinstance(session, Held):
            raise Rejected("session-held", "the session was held with other fields: add a remark, or void it")
    still_booked(session)
    _refuse_when_and_who(command, talk, asked)
    form = newest_of(seen.form)
    if form is None:
        raise Rejected("form-unpublished", "there is no such form that was ever published")
    refuse_answers(command.answers, form.questions)
    _refuse_without_outcome(command, seen)
    if not all(isinstance(action, Unagreed) for action in seen.agreed):
        raise Rejected("action-exists", "something else was agreed under this id: what is agreed has an id of its own")
    _refuse_reviews(command, talk, seen)
    return [
        SessionHeld(
            **talk.parties | {"coach_id": asked.person_id},
            **_written(command),
            team_id=talk.team_id,
            kind=talk.booked.kind,
            form_id=command.form_id or talk.booked.form_id,
            form_version=form.version,
            score=score_of(command.answers, form.questions),
            moves=talk.moves,
        )
    ]


def _written(command: HoldSession) -> dict[str, object]:
    """What the fact keeps of the command as it was asked."""
    told = dict(command)
    told["actions"] = tuple(AgreedAction(**dict(each)) for each in command.actions)
    told["passed_on"] = tuple(PassedOn(**dict(each)) for each in command.passed_on)
    return {name: value for name, value in told.items() if name not in ("session_id", "form_id")}


def _is_the_same(command: HoldSession, held: SessionHeld, talk: Talk) -> bool:
    same_form = (command.form_id or talk.booked.form_id) == held.form_id
    return same_form and all(getattr(held, name) == value for name, value in _written(command).items())


def _refuse_when_and_who(command: HoldSession, talk: Talk, asked: Asked) -> None:
    if command.held_at > asked.at:
        raise Rejected("held-in-future", "only a conversation that was held is written down")
    if command.held_at.date() < min(talk.starts_at.date(), asked.day - BOOKED_AFTERWARDS):
        raise Rejected(
            "in-the-past", f"a talk is written down within {BOOKED_AFTERWARDS.days} days of when it was held"
        )
    if asked.actor == str(talk.booked.employee_id):
        raise Rejected("coach-is-employee", "whoever coached writes down what was said")


def _refuse_without_outcome(command: HoldSession, seen: Seen) -> None:
    """What was done or dropped meanwhile is over, whatever is told of it."""
    if not command.successes:
        raise Rejected("success-missing", "every conversation names a success")
    told = zip(command.reviewed, seen.reviewed, strict=True)
    goes_on = any(review.outcome == "carried-over" and isinstance(action, OpenAction) for review, action in told)
    if not command.actions and not goes_on:
        raise Rejected("action-missing", "something is agreed, or carried over from before")


def _refuse_reviews(command: HoldSession, talk: Talk, seen: Seen) -> None:
    held_on = command.held_at.date()
    for review in command.reviewed:
        if review.outcome == "carried-over":
            if review.follow_up_on is None:
                raise Rejected("follow-up-missing", "what is carried over has a day to look at it again")
            _refuse_past(review.follow_up_on, held_on)
    for action in command.actions:
        _refuse_past(action.follow_up_on, held_on)
    for review, action in zip(command.reviewed, seen.reviewed, strict=True):
        if isinstance(action, Unagreed) or action.agreed.employee_id != talk.booked.employee_id:
            raise Rejected("unknown-action", f"nothing was agreed with the person as {review.action_id}")
        if isinstance(action, OpenAction) and not is_kept(review, action):
            refuse_review(review, action, held_on)


def _refuse_past(follow_up_on: date, held_on: date) -> None:
    if follow_up_on <= held_on:
        raise Rejected("follow-up-in-past", "what was agreed is looked at again on a later day")
