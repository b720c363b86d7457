"""After the conversation: the employee acknowledges it, both may add to it, and a wrong record is voided."""

from collections.abc import Sequence
from datetime import timedelta

from services.coaching.deciders.session.record_commands import (
    AcknowledgeSession,
    AddRemark,
    RemindAcknowledgement,
    VoidSession,
)
from services.coaching.deciders.session.state import Cancelled, Held, Session, Voided, known
from services.coaching.events.session import (
    AcknowledgementReminded,
    RemarkAdded,
    SessionAcknowledged,
    SessionVoided,
)
from shared.core.decider import Asked, Rejected, over

VOIDED_WITHIN = timedelta(days=14)


def void_session(command: VoidSession, session: Session, asked: Asked) -> Sequence[SessionVoided]:
    talk = known(session)
    if isinstance(session, Voided):
        return []
    held = _held(session).held
    if asked.actor == str(held.employee_id):
        raise Rejected("own-session", "nobody takes back what another has written down about them")
    if asked.at > held.held_at + VOIDED_WITHIN:
        raise Rejected("void-too-late", f"a record is voided within {VOIDED_WITHIN.days} days; a remark may be added")
    return [
        SessionVoided(
            **talk.parties,
            team_id=held.team_id,
            held_at=held.held_at,
            action_ids=tuple(action.action_id for action in held.actions),
            reason=command.reason,
        )
    ]


def acknowledge_session(command: AcknowledgeSession, session: Session, asked: Asked) -> Sequence[SessionAcknowledged]:
    """A comment that is added later is kept; acknowledged without one, nothing is added."""
    talk = known(session)
    record = session.record if isinstance(session, Voided) else session
    if isinstance(record, Held) and record.acknowledged and command.comment in (None, record.acknowledged.comment):
        return []
    _held(session)
    if asked.actor != str(talk.booked.employee_id):
        raise Rejected("not-the-employee", "the employee says that it was seen")
    return [SessionAcknowledged(**dict(command), employee_id=talk.booked.employee_id)]


def remind_acknowledgement(command: RemindAcknowledgement, session: Session) -> Sequence[AcknowledgementReminded]:
    talk = known(session)
    if not isinstance(session, Held) or session.acknowledged or session.reminded:
        return []
    return [AcknowledgementReminded(**dict(command), employee_id=talk.booked.employee_id)]


def add_remark(command: AddRemark, session: Session, asked: Asked) -> Sequence[RemarkAdded]:
    talk = known(session)
    record = session.record if isinstance(session, Voided) else session
    if isinstance(record, Held) and command.remark_id in record.remarks:
        return []
    _held(session)
    if asked.actor not in (str(talk.booked.employee_id), str(talk.coach_id)):
        raise Rejected("not-a-party", "the two who talked add remarks")
    return [RemarkAdded(**dict(command), employee_id=talk.booked.employee_id)]


def _held(session: Session) -> Held:
    match session:
        case Held():
            return session
        case Voided() | Cancelled():
            raise over("session")
        case _:
            raise Rejected("not-held", "the conversation has not been held")
