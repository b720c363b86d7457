"""Before the conversation: what takes its time, what cancels it, and what is left open."""

from typing import Any

import pytest

from services.coaching.events.session import SessionMoved
from tests.coaching.booking import PLAN, cancel, clash, flag, given, move
from tests.coaching.cast import AINO, OTHER_TEAM, changed
from tests.coaching.sessions import (
    LATER,
    STARTS,
    cancelled,
    clashed,
    left_open,
    session_booked,
    session_held,
    session_moved,
    voided,
)


def test_a_clash_is_noted_once_and_settled_by_keeping_the_time() -> None:
    given(session_booked).when(clash, by="policy").then(clashed)
    given(session_booked, clashed).when(clash, by="policy").then_nothing()
    kept = changed(move, starts_at=STARTS, reason="absence", note=None)
    (settled,) = given(session_booked, clashed).when(kept, actor=AINO, plan=PLAN).facts
    assert isinstance(settled, SessionMoved)
    assert (settled.starts_at, settled.move_no, settled.reason) == (STARTS, 0, "absence")
    given(session_booked, clashed, settled).when(kept, actor=AINO, plan=PLAN).then_nothing()
    given(session_booked, clashed, settled).when(clash, by="policy").then_nothing()


@pytest.mark.parametrize("end", [[session_held], [session_held, voided], [cancelled]])
def test_what_is_over_clashes_with_nothing(end: Any) -> None:
    given(session_booked, *end).when(clash, by="policy").then_nothing()


# Cancelling, and what is left open


def test_a_session_is_cancelled_once() -> None:
    given(session_booked).when(cancel).then(cancelled)
    given(session_booked, cancelled).when(cancel).then_nothing()
    for other in ({"reason": "replaced"}, {"note": "She is ill."}):
        given(session_booked, cancelled).when(changed(cancel, **other)).then_rejected("session-over")


def test_another_reason_is_told_in_words() -> None:
    given(session_booked).when(changed(cancel, note=None)).then_rejected("note-missing")
    assert given(session_booked).when(changed(cancel, reason="replaced", note=None)).facts


def test_what_was_held_is_not_cancelled() -> None:
    given(session_booked, session_held).when(cancel).then_rejected("session-held")
    given(session_booked, session_held).when(cancel, by="policy").then_nothing()
    given(session_booked, session_held, voided).when(cancel).then_rejected("session-over")


def test_a_session_is_left_open_when_nobody_says_whether_it_was_held() -> None:
    given(session_booked).when(flag, by="deadline").then(left_open)
    given(session_booked, left_open).when(flag, by="deadline").then_nothing()
    for later in (session_moved, session_held, cancelled):
        given(session_booked, later).when(flag, by="deadline").then_nothing()


def test_a_session_moved_after_that_may_be_left_open_again() -> None:
    moved_flag = changed(flag, starts_at=LATER)
    there = left_open.model_copy(update={"starts_at": LATER})
    given(session_booked, left_open, session_moved).when(moved_flag, by="deadline").then(there)
    kept = session_moved.model_copy(update={"starts_at": STARTS, "move_no": 0, "team_id": OTHER_TEAM})
    given(session_booked, left_open, kept).when(flag, by="deadline").then_nothing()
