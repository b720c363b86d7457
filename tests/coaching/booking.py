"""Before the conversation: what is asked of one session, with the plan that it is booked in."""

from services.coaching.deciders.session import (
    BookSession,
    CancelSession,
    FlagLeftOpen,
    HandOverSession,
    MoveSession,
    NoteClash,
    PrepareSession,
    session,
)
from shared.testing.scenario import Scenario
from tests.coaching.cast import AINO, DANI, FORM, SANNA, SESSION
from tests.coaching.plans import plan_opened
from tests.coaching.sessions import CLASH, LATER, STARTS

given = Scenario(session).given
PLAN = (plan_opened,)

book = BookSession(
    session_id=SESSION,
    employee_id=AINO,
    coach_id=SANNA,
    form_id=FORM,
    kind="regular",
    starts_at=STARTS,
    minutes=45,
    place="site",
)
prepare = PrepareSession(session_id=SESSION, side="employee", topics=("The search",))
hand_over = HandOverSession(session_id=SESSION, coach_id=DANI)
move = MoveSession(session_id=SESSION, starts_at=LATER, reason="illness", note="Back on Monday.")
clash = NoteClash(session_id=SESSION, clash=CLASH, cause="absence")
cancel = CancelSession(session_id=SESSION, reason="other", note="In the next series.")
flag = FlagLeftOpen(session_id=SESSION, starts_at=STARTS)
