"""An issue, goals and a recognition as facts: for deciders, read models and samples."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.coaching.events.goals import GoalDropped, GoalProgressed, GoalReached, GoalSet
from services.coaching.events.issue import (
    IssueBacked,
    IssueEscalated,
    IssueRaised,
    IssueResolved,
    IssueTakenUp,
)
from services.coaching.events.recognition import RecognitionGiven, RewardGranted
from tests.coaching.cast import AINO, DANI, GOAL, NUMBER_GOAL, ONNI, SESSION, TEAM, TUULA

ISSUE, RECOGNITION = UUID(int=81), UUID(int=82)
BY = date(2027, 3, 15)

issue_raised = IssueRaised(
    issue_id=ISSUE,
    team_id=TEAM,
    raiser_id=AINO,
    about="person",
    person_id=ONNI,
    kind="collaboration",
    text="Hands over contacts without a note.",
    address_by=BY,
)
issue_backed = IssueBacked(issue_id=ISSUE, backer_id=TUULA, times=1)
issue_taken_up = IssueTakenUp(
    issue_id=ISSUE,
    team_id=TEAM,
    raiser_id=AINO,
    person_id=ONNI,
    handler_id=DANI,
    plan="Talks with both on Thursday.",
    address_by=BY,
)
issue_resolved = IssueResolved(
    issue_id=ISSUE, raiser_id=AINO, person_id=ONNI, outcome="corrected", note="Notes are written now."
)
issue_escalated = IssueEscalated(issue_id=ISSUE, team_id=TEAM, level=1, address_by=date(2027, 3, 22))
escalated_again = IssueEscalated(issue_id=ISSUE, team_id=TEAM, level=2, address_by=date(2027, 3, 29))

goal_set = GoalSet(
    person_id=AINO,
    goal_id=GOAL,
    kind="behaviour",
    title="Asks one question about needs in every contact",
    measure="Contacts out of five listened to",
    unit="contacts",
    direction="up",
    baseline=Decimal(2),
    target=Decimal(4),
    due_on=date(2027, 5, 31),
)
number_set = goal_set.model_copy(
    update={
        "goal_id": NUMBER_GOAL,
        "kind": "number",
        "title": "Handling time",
        "measure": "Seconds a contact",
        "unit": "seconds",
        "direction": "down",
        "baseline": None,
        "target": Decimal(300),
    }
)
goal_progressed = GoalProgressed(
    person_id=AINO, goal_id=GOAL, ref=SESSION, value=Decimal(3), on=date(2027, 3, 18), source="session"
)
goal_measured = GoalProgressed(
    person_id=AINO, goal_id=GOAL, ref=UUID(int=83), value=Decimal(4), on=date(2027, 3, 25), source="measured"
)
goal_reached = GoalReached(person_id=AINO, goal_id=GOAL, on=date(2027, 3, 25))
number_dropped = GoalDropped(person_id=AINO, goal_id=NUMBER_GOAL, reason="Another product from May on.")

recognition_given = RecognitionGiven(
    recognition_id=RECOGNITION,
    person_id=AINO,
    team_id=TEAM,
    kind="customer-thanks",
    text="A caller rang again only to say thank you.",
    public=True,
    ref=SESSION,
)
reward_granted = RewardGranted(
    recognition_id=RECOGNITION,
    person_id=AINO,
    team_id=TEAM,
    reward="paid-time",
    value_minutes=120,
    note="For a quiet morning.",
)
