"""Whole histories of the hires: the welcome and the journey, with the mistakes that real ones have."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.onboarding.events.journey import JourneyEvent, JourneyMoved, JourneyReviewed, ReviewAsked, StartMoved
from services.onboarding.events.shapes import Requirement
from services.onboarding.events.stage import CheckFailed, JourneyStalled, RecordVoided, StageReplanned, StageTailored
from services.onboarding.events.welcome import (
    HireWelcomed,
    KitCompleted,
    KitFoundIncomplete,
    KitItemReadied,
    KitItemReopened,
    PlanIntroduced,
    WelcomePrepared,
)
from shared.core.event import Event
from shared.testing.interleavings import Fact, history
from tests.onboarding.aino import (
    IN_BILLING,
    basics_started,
    billing_coached,
    billing_completed,
    billing_signed,
    billing_talk_met,
    billing_verified,
    exam_failed,
    journey_completed,
    journey_started,
    journey_stopped,
    listened,
    support_arranged,
)
from tests.onboarding.organisation import ONNI
from tests.onboarding.plan import (
    AINO,
    CONTACT,
    EXAM,
    GOAL,
    KIT,
    LISTENED,
    MONDAY,
    OTHER_TEAM,
    TEAM,
    TUESDAY,
    at,
)

ONNIS_EXAM = UUID(int=61)


def of_aino(no: int = 1) -> dict[str, UUID | int]:
    return {"person_id": AINO, "team_id": TEAM, "journey_no": no}


# The welcome: the gift is ticked by mistake, and flagged; then the first day is moved

welcome_prepared = WelcomePrepared(**of_aino(), starts_on=MONDAY, final_goal=GOAL, kit=KIT, seq=1)
headset_readied = KitItemReadied(person_id=AINO, team_id=TEAM, item="headset", left=2)
gift_readied = KitItemReadied(person_id=AINO, team_id=TEAM, item="gift", left=1)
gift_reopened = KitItemReopened(**of_aino(), item="gift", left=2, starts_on=MONDAY)
gift_missing = KitFoundIncomplete(**of_aino(), missing=("gift",))
badge_readied = KitItemReadied(person_id=AINO, team_id=TEAM, item="badge", left=1)
last_readied = KitItemReadied(person_id=AINO, team_id=TEAM, item="gift", left=0)
kit_completed = KitCompleted(**of_aino(), completed_on=MONDAY)
hire_welcomed = HireWelcomed(**of_aino(), welcomed_on=MONDAY, missing=("gift",))
plan_introduced = PlanIntroduced(
    **of_aino(), introduced_on=MONDAY, final_goal=GOAL, expectations="To hear real contacts early."
)
prepared_for_later = welcome_prepared.model_copy(update={"starts_on": TUESDAY, "seq": 2})
prepared_anew = welcome_prepared.model_copy(update={"journey_no": 2, "starts_on": date(2028, 1, 10), "seq": 30})

WELCOME_EVENTS: tuple[Event, ...] = (
    welcome_prepared,
    headset_readied,
    gift_readied,
    gift_reopened,
    gift_missing,
    hire_welcomed,
    plan_introduced,
    badge_readied,
    last_readied,
    kit_completed,
)
WELCOME_STREAM = history(f"onboarding.welcome-{AINO}", *WELCOME_EVENTS, at=at(4))

# The journey: with support arranged, records taken back, a stage tailored, late and replanned, and both reviews

start_moved = StartMoved(**of_aino(), starts_on=TUESDAY, final_goal=GOAL, kit=KIT)
journey_moved = JourneyMoved(person_id=AINO, team_id=OTHER_TEAM, journey_no=1, seq=2)
spar = Requirement(code="spar-calm", kind="spar", count=2, focus="Silence.")
stage_tailored = StageTailored(
    **of_aino(), stage="billing", add=(spar,), drop=("talk",), open_left=2, reason="Knows the bills already."
)
coming_tailored = StageTailored(**of_aino(), stage="billing", add=(spar,), drop=(), reason="Will need it.")
stalled = JourneyStalled(**of_aino(), stage="billing", due_on=date(2027, 4, 5), open=("talk", "sign-off"))
replanned = StageReplanned(**of_aino(), stage="billing", due_on=date(2027, 4, 9), reason="Was away.")


def voided(record_id: UUID, kind: str, stage: str, requirement: str | None, open_left: int | None) -> RecordVoided:
    return RecordVoided(
        **of_aino(),
        record_id=record_id,
        kind=kind,
        stage=stage,
        requirement=requirement,
        open_left=open_left,
        reason="Somebody else was meant.",
    )


contact_voided = voided(CONTACT, "first-contact", "basics", None, None)
exam_voided = voided(EXAM, "check", "first-response", None, None)
listened_voided = voided(LISTENED, "monitoring", "basics", "listen", 2)
hire_reviewed = JourneyReviewed(
    **of_aino(), side="hire", rating=4, went_well="Everybody had time.", suggestion="More listening in week one."
)
supervisor_reviewed = JourneyReviewed(**of_aino(), side="supervisor", rating=5, went_well="She asks early.")
review_asked = ReviewAsked(**of_aino())

JOURNEY_EVENTS: tuple[JourneyEvent, ...] = (
    *IN_BILLING,
    stalled,
    replanned,
    contact_voided,
    exam_voided,
    billing_coached,
    billing_talk_met,
    billing_verified,
    billing_signed,
    billing_completed,
    journey_completed,
    review_asked,
    hire_reviewed,
    supervisor_reviewed,
)
JOURNEY_STREAM = history(f"onboarding.journey-{AINO}", *JOURNEY_EVENTS, at=at(8))


def of_onni(*facts: Event) -> Sequence[Event]:
    """The same, told of Onni; ids of records are his own where they have to be."""
    return [fact.model_copy(update={"person_id": ONNI}) for fact in facts]


onni_stalled = stalled.model_copy(update={"stage": "basics", "open": ("listen",)})
onni_failed: CheckFailed = exam_failed.model_copy(
    update={"stage": "basics", "attempt_id": ONNIS_EXAM, "suggestion": "Let me see the search first."}
)
ONNI_JOURNEY: tuple[Fact, ...] = history(
    f"onboarding.journey-{ONNI}",
    *of_onni(
        journey_started,
        start_moved,
        coming_tailored,
        basics_started,
        journey_moved,
        support_arranged,
        listened,
        listened_voided,
        onni_failed,
        onni_stalled,
        journey_stopped,
    ),
    at=at(8),
)
