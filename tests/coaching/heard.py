"""What coaching hears from the others, as whole streams: Aino's journey, a message, an item, two weeks of a team."""

from datetime import date
from uuid import UUID

from services.coaching.inbox.directory import (
    PersonJoinedTeam,
    RoleChanged,
    TeamDisbanded,
    TeamFormed,
    TeamRenamed,
)
from services.coaching.inbox.feedback import (
    Expectation,
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
    MessageConcretised,
    MessagePublished,
    MessageRead,
    MessageWithdrawn,
)
from services.coaching.inbox.journey import (
    JourneyCompleted,
    JourneyStalled,
    JourneyStarted,
    JourneyStopped,
    RecordVoided,
    Requirement,
    StageCompleted,
    StageReplanned,
    StageRequirementMet,
    StageStarted,
    StageTailored,
)
from services.coaching.inbox.scheduling import (
    ActivityDisplaced,
    ActivityPlaced,
    ActivityRemoved,
    Holder,
    PlaceChosen,
    Shift,
    ShiftChanged,
    ShiftPicked,
    ShiftPlaced,
    ShiftReleased,
    ShiftRemoved,
    SwapMade,
    WeekPublished,
)
from shared.testing.interleavings import history
from tests.coaching.cast import AINO, DANI, MONDAY, ONNI, SESSION, TEAM, TUULA, at

MESSAGE, OTHER_MESSAGE, ITEM, OTHER_ITEM, DEFERRED = (UUID(int=number) for number in range(201, 206))
SHIFT, OPEN_SHIFT, LATE_SHIFT, ACTIVITY, DISPLACED = (UUID(int=number) for number in range(211, 216))
WEEK, NEXT_WEEK = "2027-W10", "2027-W11"

# Aino's journey: a requirement is met and taken back, another one added; Onni's is stopped

listen = Requirement(code="listen", kind="monitor", focus="Greets, asks, sums up.")
talk = Requirement(code="talk", kind="coach", focus="The search.")
spar = Requirement(code="spar-calm", kind="spar", focus="Silence.")
journey_started = JourneyStarted(person_id=AINO, journey_no=1, starts_on=MONDAY)
stage_started = StageStarted(
    person_id=AINO,
    journey_no=1,
    stage="first-response",
    title="First response",
    goal="Solves basic enquiries.",
    due_on=date(2027, 3, 24),
    requirements=(listen, talk),
)
tailored = StageTailored(person_id=AINO, stage="first-response", add=(spar,), drop=("talk",))
tailored_ahead = StageTailored(person_id=AINO, stage="billing", add=(spar,), drop=())
talk_met = StageRequirementMet(person_id=AINO, stage="first-response", requirement="talk")
talk_asked_anew = StageTailored(person_id=AINO, stage="first-response", add=(talk,), drop=("talk",))
listen_met = StageRequirementMet(person_id=AINO, stage="first-response", requirement="listen")
listen_voided = RecordVoided(person_id=AINO, stage="first-response", requirement="listen")
stalled = JourneyStalled(person_id=AINO, team_id=TEAM, journey_no=1, stage="first-response", due_on=date(2027, 3, 24))
replanned = StageReplanned(person_id=AINO, stage="first-response", due_on=date(2027, 4, 9))
IN_FIRST_RESPONSE = (journey_started, stage_started, tailored_ahead, tailored, listen_met, listen_voided, stalled)
completed = StageCompleted(person_id=AINO, journey_no=1, stage="first-response")
journey_completed = JourneyCompleted(person_id=AINO, journey_no=1, completed_on=date(2027, 4, 9))
JOURNEY_STREAM = history(f"onboarding.journey-{AINO}", *IN_FIRST_RESPONSE, replanned, completed, journey_completed)
ONNI_JOURNEY_STREAM = history(
    f"onboarding.journey-{ONNI}",
    JourneyStarted(person_id=ONNI, journey_no=1, starts_on=MONDAY),
    StageStarted(**dict(stage_started) | {"person_id": ONNI}),
    JourneyStopped(person_id=ONNI, journey_no=1, on=date(2027, 3, 10)),
)

# Messages

message_published = MessagePublished(
    message_id=MESSAGE,
    title="Solved at once",
    expectations=(Expectation(role_code="agent", actions=("Asks what else there is.",), effect="Fewer calls again."),),
    team_ids=(TEAM,),
)
other_published = message_published.model_copy(update={"message_id": OTHER_MESSAGE, "title": "Quiet evenings"})
message_concretised = MessageConcretised(
    message_id=MESSAGE, team_id=TEAM, actions=("Sums up before closing.",), effect="Nobody calls twice."
)
message_read = MessageRead(message_id=MESSAGE, team_id=TEAM, person_id=AINO)
message_withdrawn = MessageWithdrawn(message_id=OTHER_MESSAGE)
MESSAGE_STREAM = history(f"feedback.message-{MESSAGE}", message_published, message_concretised, message_read)
OTHER_MESSAGE_STREAM = history(f"feedback.message-{OTHER_MESSAGE}", other_published, message_withdrawn)

# Feedback of the team

submitted = FeedbackSubmitted(
    item_id=ITEM, team_id=TEAM, kind="idea", acknowledge_by=at(10, 9), decide_by=date(2027, 3, 22)
)
acknowledged_item = FeedbackAcknowledged(item_id=ITEM)
assigned = FeedbackAssigned(item_id=ITEM, decide_by=date(2027, 3, 20))
accepted = FeedbackAccepted(item_id=ITEM, tell_back_by=date(2027, 3, 25))
told_back = FeedbackToldBack(item_id=ITEM, final=True)
closed = FeedbackClosed(item_id=ITEM)
reopened = FeedbackReopened(item_id=ITEM, decide_by=date(2027, 4, 8))
declined = FeedbackDeclined(item_id=ITEM, tell_back_by=date(2027, 4, 12))
escalated = FeedbackEscalated(item_id=ITEM, level=1)
withdrawn = FeedbackWithdrawn(item_id=OTHER_ITEM)
deferred = FeedbackDeferred(item_id=DEFERRED, until=date(2027, 6, 1), tell_back_by=date(2027, 3, 25))
revived = FeedbackRevived(item_id=DEFERRED, decide_by=date(2027, 6, 8))
ITEM_STREAM = history(
    f"feedback.item-{ITEM}",
    *(submitted, acknowledged_item, assigned, accepted, told_back, closed, reopened, escalated, declined),
)
OTHER_ITEM_STREAM = history(
    f"feedback.item-{OTHER_ITEM}", submitted.model_copy(update={"item_id": OTHER_ITEM}), withdrawn
)
DEFERRED_STREAM = history(
    f"feedback.item-{DEFERRED}", submitted.model_copy(update={"item_id": DEFERRED}), deferred, revived
)

# Two weeks of the team: shifts change hands, an activity moves to the week after


def shift(shift_id: UUID, person_id: UUID | None, day: int = 8, hour: int = 8) -> Shift:
    return Shift(
        shift_id=shift_id,
        person_id=person_id,
        starts_at=at(day, hour),
        ends_at=at(day, hour + 8),
        contact_types=("billing",),
        place="site",
    )


W = {"team_id": TEAM, "week": WEEK}
placed = ShiftPlaced(**W, shift=shift(SHIFT, AINO))
changed_shift = ShiftChanged(**W, shift=shift(SHIFT, AINO, hour=9))
open_placed = ShiftPlaced(**W, shift=shift(OPEN_SHIFT, None))
picked = ShiftPicked(**W, shift=shift(OPEN_SHIFT, ONNI))
swapped = SwapMade(
    **W,
    shifts=(shift(SHIFT, ONNI, hour=9), shift(OPEN_SHIFT, AINO)),
    previous=(Holder(shift_id=SHIFT, person_id=AINO), Holder(shift_id=OPEN_SHIFT, person_id=ONNI)),
)
chosen = PlaceChosen(shift_id=OPEN_SHIFT, person_id=AINO, place="remote")
released = ShiftReleased(shift=shift(SHIFT, ONNI, hour=9))
late_placed = ShiftPlaced(**W, shift=shift(LATE_SHIFT, TUULA, hour=12))
removed = ShiftRemoved(shift_id=LATE_SHIFT, person_id=TUULA)
week_published = WeekPublished(**W)
activity_placed = ActivityPlaced(activity_id=ACTIVITY, person_id=AINO, kind="training", starts_at=at(8, 14), minutes=60)
activity_removed = ActivityRemoved(activity_id=ACTIVITY, person_id=AINO)
coaching_placed = ActivityPlaced(
    activity_id=DISPLACED, person_id=AINO, kind="coaching", starts_at=at(8, 10), minutes=45
)
coaching_displaced = ActivityDisplaced(
    activity_id=DISPLACED, person_id=AINO, kind="coaching", ref=str(SESSION), cause="absence", cause_ref="a"
)
activity_there = activity_placed.model_copy(update={"starts_at": at(15, 14)})
WEEK_STREAM = history(
    f"scheduling.week-{TEAM}-{WEEK}",
    *(placed, changed_shift, open_placed, late_placed, picked, activity_placed, coaching_placed, week_published),
    *(swapped, chosen, removed, released, activity_removed, coaching_displaced),
)
NEXT_WEEK_STREAM = history(f"scheduling.week-{TEAM}-{NEXT_WEEK}", activity_there)

# A team that is renamed and ends, and somebody who changes roles

QUIET_TEAM = UUID(int=221)
QUIET_TEAM_STREAM = history(
    f"onboarding.team-{QUIET_TEAM}",
    TeamFormed(team_id=QUIET_TEAM, name="Letters", site="oulu", time_zone="Europe/Helsinki"),
    TeamRenamed(team_id=QUIET_TEAM, name="Chats"),
    TeamDisbanded(team_id=QUIET_TEAM, on=date(2027, 12, 31)),
)
DANI_STREAM = history(
    f"onboarding.person-{DANI}",
    PersonJoinedTeam(person_id=DANI, team_id=QUIET_TEAM, role_code="agent", joined_on=MONDAY),
    RoleChanged(person_id=DANI, role_code="supervisor", since=MONDAY),
)
