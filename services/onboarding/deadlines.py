"""By when do we ask something of ourselves? Another day, or what makes it needless, is found in our own facts."""

from datetime import timedelta
from typing import assert_never

from services.onboarding.deciders.journey import AskReview, MarkStalled
from services.onboarding.deciders.welcome import FlagKitMissing
from services.onboarding.events.journey import JourneyCompleted, JourneyReviewed, JourneyStopped
from services.onboarding.events.stage import StageCompleted, StageReplanned, StageStarted
from services.onboarding.events.welcome import KitCompleted, KitItemReopened, WelcomePrepared
from shared.core.calendar import working_day_before
from shared.core.deadline import END_OF_DAY, NOON, Deadline, Done, Due, Local
from shared.core.event import Recorded

REVIEW_AFTER = timedelta(days=10)


def kit_missing(event: WelcomePrepared | KitItemReopened | KitCompleted, recorded: Recorded) -> Due | Done:
    """The working day before the hire comes, somebody still has time to find what is missing."""
    key = (event.person_id, event.journey_no)
    match event:
        case WelcomePrepared() | KitItemReopened():
            when = Local(working_day_before(event.starts_on), NOON, event.team_id)
            return Due(key, when, FlagKitMissing(person_id=event.person_id, journey_no=event.journey_no))
        case KitCompleted():
            return Done(key)
        case _:
            assert_never(event)


def stage_overdue(
    event: StageStarted | StageReplanned | StageCompleted | JourneyStopped, recorded: Recorded
) -> Due | Done:
    """A stage that is open on the evening of its due day has stalled."""
    key = (event.person_id,)
    match event:
        case StageStarted() | StageReplanned():
            when = Local(event.due_on, END_OF_DAY, event.team_id)
            command = MarkStalled(person_id=event.person_id, stage=event.stage, due_on=event.due_on)
            return Due(key, when, command)
        case StageCompleted() | JourneyStopped():
            return Done(key)
        case _:
            assert_never(event)


def journey_review_due(event: JourneyCompleted | JourneyReviewed, recorded: Recorded) -> Due | Done | None:
    """Some days after the end the hire is asked, unless the hire has told already."""
    key = (event.person_id, event.journey_no)
    match event:
        case JourneyCompleted():
            when = Local(event.completed_on + REVIEW_AFTER, END_OF_DAY, event.team_id)
            return Due(key, when, AskReview(person_id=event.person_id, journey_no=event.journey_no))
        case JourneyReviewed():
            return Done(key) if event.side == "hire" else None
        case _:
            assert_never(event)


DEADLINES = (
    Deadline("kit-missing", WelcomePrepared | KitItemReopened | KitCompleted, kit_missing),
    Deadline("stage-overdue", StageStarted | StageReplanned | StageCompleted | JourneyStopped, stage_overdue),
    Deadline("journey-review-due", JourneyCompleted | JourneyReviewed, journey_review_due),
)
