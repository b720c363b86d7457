"""What was done: sessions counted, needs raised and met, what matters written down."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.coaching.deciders.plan.commands import (
    CountSession,
    MeetNeeds,
    NoteWhatMatters,
    RaiseNeed,
    UncountSession,
)
from services.coaching.deciders.plan.rhythm import next_due_on
from services.coaching.deciders.plan.state import Book, Ended, Plan, known
from services.coaching.events.plan import (
    CoachingCounted,
    CoachingUncounted,
    NeedMet,
    NeedRaised,
    WhatMattersNoted,
)
from services.coaching.events.shapes import NeedRef
from shared.core.decider import Asked
from shared.core.replacing import replace


def count_session(command: CountSession, plan: Plan, asked: Asked) -> Sequence[CoachingCounted | NeedMet]:
    """A session counts once, also after it was voided."""
    book = plan.book
    if command.session_id in book.held or command.session_id in book.uncounted:
        return []
    held = {**book.held, command.session_id: command.held_on}
    counted = CoachingCounted(
        person_id=command.person_id,
        team_id=book.team_on(command.held_on),
        session_id=command.session_id,
        held_on=command.held_on,
        next_due_on=next_due_on(replace(book, held=held), asked.day),
    )
    return [counted, *_met(command.person_id, command.needs, command.session_id, book)]


def uncount_session(command: UncountSession, plan: Plan, asked: Asked) -> Sequence[CoachingUncounted]:
    book = known(plan)
    if command.session_id not in book.held:
        return []
    left = {session: day for session, day in book.held.items() if session != command.session_id}
    due = next_due_on(replace(book, held=left), asked.day)
    return [CoachingUncounted(**dict(command), team_id=book.team_on(asked.day), next_due_on=due)]


def raise_need(command: RaiseNeed, plan: Plan, asked: Asked) -> Sequence[NeedRaised]:
    book = plan.book
    left = isinstance(plan, Ended) and plan.on < asked.day
    if left or command.need_id in book.raised:
        return []
    return [NeedRaised(**dict(command), team_id=book.team_on(asked.day))]


def meet_needs(command: MeetNeeds, plan: Plan) -> Sequence[NeedMet]:
    return _met(command.person_id, command.needs, command.ref, known(plan))


def _met(person_id: UUID, needs: Iterable[NeedRef], ref: UUID, book: Book) -> list[NeedMet]:
    """Of the needs, those that are open."""
    topics = {need.need_id: book.open_needs.get(need.need_id) for need in needs}
    return [
        NeedMet(person_id=person_id, need_id=need_id, topic=topic, ref=ref)
        for need_id, topic in topics.items()
        if topic is not None
    ]


def note_what_matters(command: NoteWhatMatters, plan: Plan) -> Sequence[WhatMattersNoted]:
    if known(plan).what_matters == command.text:
        return []
    return [WhatMattersNoted(**dict(command))]
