"""What may be asked about forms, plans, sessions, actions, issues, goals and recognitions.

`A(self)` of a session is refused by its decider, which knows whose session it is.
"""

from services.coaching.deciders.action import AgreeAction, FollowUpAction
from services.coaching.deciders.form import (
    AddQuestion,
    ChangeQuestion,
    PublishForm,
    RemoveQuestion,
    RetireForm,
    StartForm,
)
from services.coaching.deciders.goals import DropGoal, ReportProgress, SetGoal
from services.coaching.deciders.issue import BackIssue, RaiseIssue, ResolveIssue, TakeUpIssue
from services.coaching.deciders.plan import (
    ChangeCoach,
    MeetNeeds,
    NoteWhatMatters,
    PausePlan,
    PlanSeries,
    RaiseNeed,
    SetCadence,
)
from services.coaching.deciders.recognition import GiveRecognition, GrantReward
from services.coaching.deciders.session import (
    AcknowledgeSession,
    AddRemark,
    BookSession,
    CancelSession,
    HandOverSession,
    HoldSession,
    MoveSession,
    PrepareSession,
    VoidSession,
)
from shared.core.access import ANY, Ask, may, myself

ASKS: tuple[Ask, ...] = (
    # form
    Ask(StartForm, may("H", "S", "M")),
    Ask(AddQuestion, may("H", "S", "M")),
    Ask(ChangeQuestion, may("H", "S", "M")),
    Ask(RemoveQuestion, may("H", "S", "M")),
    Ask(PublishForm, may("H", "S", "M")),
    Ask(RetireForm, may("H", "M")),
    # plan
    Ask(SetCadence, may("S", "M")),
    Ask(PlanSeries, may("S")),
    Ask(ChangeCoach, may("S", "M")),
    Ask(RaiseNeed, myself("A") + may("S", "T")),
    Ask(MeetNeeds, may("S")),
    Ask(NoteWhatMatters, myself("A") + may("S")),
    Ask(PausePlan, may("S", "H")),
    # session
    Ask(BookSession, may("S", "T")),
    Ask(PrepareSession, may("A", "S", "T")),
    Ask(HandOverSession, may("S", "M")),
    Ask(MoveSession, may("A", "S", "T")),
    Ask(CancelSession, may("S", "T")),
    Ask(HoldSession, may("S", "T")),
    Ask(VoidSession, may("S", "T")),
    Ask(AcknowledgeSession, may("A")),
    Ask(AddRemark, may("A", "S", "T")),
    # action
    Ask(AgreeAction, myself("A", "employee_id") + may("S")),
    Ask(FollowUpAction, myself("A", "employee_id") + may("S")),
    # issue; who raised or backed it is told to nobody
    Ask(RaiseIssue, may(ANY), unsigned=True),
    Ask(BackIssue, may(ANY), unsigned=True),
    Ask(TakeUpIssue, may("S", "M", "H")),
    Ask(ResolveIssue, may("S", "M", "H")),
    # goals
    Ask(SetGoal, may("S")),
    Ask(ReportProgress, myself("A") + may("S")),
    Ask(DropGoal, may("S")),
    # recognition
    Ask(GiveRecognition, may(ANY)),
    Ask(GrantReward, may("S", "M")),
)
