"""Nine weeks of Aino and Onni: welcome and journey played with onboarding's own policies, nothing stored."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.onboarding.deciders.journey import (
    ArrangeFirstContactSupport,
    AskReview,
    MarkStalled,
    RecordCheck,
    RecordFirstContact,
    RecordMonitoring,
    ReplanStage,
    ReviewJourney,
    SignOffStage,
    StartJourney,
    TailorStage,
    VoidRecord,
    journey,
)
from services.onboarding.deciders.welcome import (
    FlagKitMissing,
    IntroducePlan,
    ReadyKitItem,
    ReopenKitItem,
    WelcomeHire,
    welcome,
)
from services.onboarding.events.shapes import KitItem, Requirement
from services.onboarding.events.structure import PersonJoinedTeam, PersonLeft
from services.onboarding.inbox import EvaluationRecorded, Need, SessionHeld, SparringHeld
from services.onboarding.policies import POLICIES
from tests.onboarding.aino import good_answers, survey_answers, weak_answers
from tests.onboarding.plan import AINO, HANNA, SANNA, TEAM, TEMPLATE, TUULA, template_drafted, template_published
from tests.services.play import Play

ONNI, VEERA = UUID(int=5), UUID(int=6)
HELSINKI = ZoneInfo("Europe/Helsinki")
ITEMS = ("headset", "badge", "account", "chair", "gift")
FIVE_ITEMS = tuple(KitItem(code=code, kind="other", title=code.title(), needed_by_day=0) for code in ITEMS)
spar = Requirement(code="spar-listening", kind="spar", count=1, focus="Listening before searching.")


def at(day: int, month: int, hour: int = 14) -> datetime:
    """An hour in Tampere; the clocks move on 28 March."""
    return datetime(2027, month, day, hour, tzinfo=HELSINKI)


@pytest.fixture
def play() -> Play:
    play = Play((journey, welcome), POLICIES, SANNA)
    play.streams[f"onboarding.template-{TEMPLATE}"] = [
        template_drafted.model_copy(update={"kit": FIVE_ITEMS}),
        template_published.model_copy(update={"kit": FIVE_ITEMS}),
    ]
    for person, name in ((AINO, "Aino"), (ONNI, "Onni")):
        play.streams[f"onboarding.person-{person}"] = [
            PersonJoinedTeam(
                person_id=person, team_id=TEAM, display_name=name, role_code="agent", joined_on=date(2027, 3, 8)
            )
        ]
    _before_the_first_day(play)
    _first_days(play)
    return play


def _before_the_first_day(play: Play) -> None:
    """Rows 9, 10, 19 and 20."""
    for person in (AINO, ONNI):
        start = StartJourney(
            person_id=person,
            template_id=TEMPLATE,
            starts_on=date(2027, 3, 8),
            supervisor_id=SANNA,
            preview_waiver="The preview is another stream's story.",
        )
        assert play.ask(start, at(2, 3), HANNA) == ["JourneyStarted", "WelcomePrepared"]
        told = [play.ask(ReadyKitItem(person_id=person, item=item), at(4, 3), HANNA) for item in ITEMS]
        assert told == [["KitItemReadied"]] * 4 + [["KitItemReadied", "KitCompleted"]]
    mistaken = ReopenKitItem(person_id=ONNI, item="gift", reason="Ticked by mistake.")
    assert play.ask(mistaken, at(4, 3), HANNA) == ["KitItemReopened"]
    for person, found in ((AINO, []), (ONNI, ["KitFoundIncomplete"])):
        flag = FlagKitMissing(person_id=person, journey_no=1)
        assert play.ask(flag, at(5, 3, 12), "deadline:kit-missing", "deadline") == found


def _first_days(play: Play) -> None:
    """Rows 21 to 24, 26 and 27."""
    assert play.ask(WelcomeHire(person_id=AINO, welcomed_on=date(2027, 3, 8)), at(8, 3)) == ["HireWelcomed"]
    without_gift = WelcomeHire(person_id=ONNI, welcomed_on=date(2027, 3, 8))
    assert play.refused(without_gift, at(8, 3)) == "kit-incomplete"
    accepted = without_gift.model_copy(update={"missing_accepted": "The gift comes later."})
    assert play.ask(accepted, at(8, 3)) == ["HireWelcomed"]
    assert play.newest(f"onboarding.welcome-{ONNI}", "HireWelcomed").missing == ("gift",)
    for person, supporter, day in ((AINO, TUULA, 9), (ONNI, VEERA, 10)):
        introduce = IntroducePlan(person_id=person, introduced_on=date(2027, 3, 8))
        assert play.ask(introduce, at(8, 3)) == ["PlanIntroduced", "StageStarted"]
        arrange = ArrangeFirstContactSupport(
            person_id=person,
            supporter_id=supporter,
            supporter_team_id=TEAM,
            starts_at=at(day, 3, 13),
            minutes=120,
        )
        assert play.ask(arrange, at(8, 3)) == ["FirstContactSupportArranged"]
    of_billing = _first_contact(AINO, TUULA, 9).model_copy(update={"contact_type": "billing"})
    assert play.refused(of_billing, at(9, 3)) == "contact-type-locked"
    for person, supporter, day in ((AINO, TUULA, 9), (ONNI, VEERA, 10)):
        assert play.ask(_first_contact(person, supporter, day), at(day, 3)) == [
            "FirstContactTaken",
            "StageRequirementMet",
        ]
        assert play.ask(_monitoring(person, "basics", day), at(day, 3)) == ["MonitoringRecorded", "StageRequirementMet"]
        survey = RecordCheck(
            person_id=person,
            attempt_id=_id(person, "survey"),
            check="confidence",
            answers=survey_answers,
            suggestion="Show the search first.",
        )
        assert play.ask(survey, at(day, 3), person) == ["CheckPassed", "StageCompleted", "StageStarted"]


def _id(person: UUID, what: str) -> UUID:
    return UUID(int=person.int * 1000 + sum(map(ord, what)))


def _first_contact(person: UUID, supporter: UUID, day: int) -> RecordFirstContact:
    return RecordFirstContact(
        person_id=person,
        contact_id=_id(person, "contact"),
        contact_type="data-change",
        taken_at=at(day, 3, 13),
        supported_by=supporter,
    )


def _monitoring(person: UUID, what: str, day: int) -> RecordMonitoring:
    return RecordMonitoring(person_id=person, monitoring_id=_id(person, what), observed_on=date(2027, 3, day))


def _session(person: UUID, what: str, when: datetime, *needs: str) -> SessionHeld:
    topics = tuple(Need(topic=need) for need in needs)
    return SessionHeld(session_id=_id(person, what), employee_id=person, held_at=when, needs=topics)


def _exam(what: str, answers: Any) -> RecordCheck:
    return RecordCheck(person_id=AINO, attempt_id=_id(AINO, what), check="systems", answers=answers)


def test_the_first_contact_is_in_time_for_aino_and_late_for_onni(play: Play) -> None:
    days = {}
    for person in (AINO, ONNI):
        taken = play.newest(f"onboarding.journey-{person}", "FirstContactTaken")
        days[person] = (taken.journey_day, taken.in_time)
    assert days == {AINO: (2, True), ONNI: (3, False)}
    assert play.newest(f"onboarding.journey-{ONNI}", "StageStarted").due_on == date(2027, 3, 24)


def test_aino_is_coached_through_her_exam_to_her_own_contacts(play: Play) -> None:
    """Rows 34, 35, 37, 43, 46, 49, 57 and 71, and 83."""
    evaluation = EvaluationRecorded(
        evaluation_id=_id(AINO, "evaluation"),
        subject="employee",
        subject_id=AINO,
        purpose="onboarding",
        observed_on=date(2027, 3, 15),
    )
    assert play.hear(evaluation, at(15, 3)) == ["MonitoringRecorded"]
    assert play.ask(_exam("exam", weak_answers), at(16, 3), HANNA) == ["CheckFailed"]
    assert play.refused(_exam("again", good_answers), at(17, 3), HANNA) == "coaching-first"
    session = _session(AINO, "session", at(18, 3, 10), "crm-search")
    assert play.hear(session, at(18, 3, 11)) == ["CoachingRecorded", "StageRequirementMet"]
    assert play.ask(_exam("again", good_answers), at(19, 3), HANNA) == ["CheckPassed"]
    second = _monitoring(AINO, "second", 19)
    assert play.ask(second, at(19, 3)) == ["MonitoringRecorded", "StageRequirementMet"]
    verify = SignOffStage(person_id=AINO, stage="first-response", evidence="Two contacts without help.")
    assert play.ask(verify, at(22, 3)) == ["StageVerified", "StageRequirementMet", "StageCompleted", "StageStarted"]
    unlocked = play.newest(f"onboarding.journey-{AINO}", "StageCompleted").unlocks
    assert unlocked == ("data-change", "basic-enquiry")

    last_session = _session(AINO, "last", at(24, 3, 10))
    assert play.hear(last_session, at(24, 3, 11)) == ["CoachingRecorded", "StageRequirementMet"]
    verify_billing = SignOffStage(person_id=AINO, stage="billing", evidence="Ten contacts alone.")
    assert play.ask(verify_billing, at(2, 4)) == [
        "StageVerified",
        "StageRequirementMet",
        "StageCompleted",
        "JourneyCompleted",
    ]
    ask = AskReview(person_id=AINO, journey_no=1)
    assert play.ask(ask, at(12, 4, 18), "deadline:journey-review-due", "deadline") == ["ReviewAsked"]
    for side, actor in (("hire", AINO), ("supervisor", SANNA)):
        review = ReviewJourney(person_id=AINO, side=side, rating=4, went_well="Never alone.")
        assert play.ask(review, at(13, 4), actor) == ["JourneyReviewed"]


def test_onni_stalls_is_given_time_and_leaves(play: Play) -> None:
    """Rows 46, 47, 58, 59, 65, 69 and 87."""
    mistaken = _monitoring(ONNI, "mistaken", 19)
    assert play.ask(mistaken, at(19, 3)) == ["MonitoringRecorded"]
    void = VoidRecord(person_id=ONNI, record_id=mistaken.monitoring_id, reason="It was Aino's.")
    assert play.ask(void, at(19, 3)) == ["RecordVoided"]
    verify = SignOffStage(person_id=ONNI, stage="first-response", evidence="None yet.")
    assert play.refused(verify, at(19, 3)) == "requirements-open"
    stall = MarkStalled(person_id=ONNI, stage="first-response", due_on=date(2027, 3, 24))
    assert play.ask(stall, at(24, 3, 18), "deadline:stage-overdue", "deadline") == ["JourneyStalled"]
    more = TailorStage(person_id=ONNI, stage="first-response", add=(spar,), reason="To learn listening.")
    assert play.ask(more, at(25, 3)) == ["StageTailored"]
    replan = ReplanStage(person_id=ONNI, stage="first-response", due_on=date(2027, 4, 30), reason="More time.")
    assert play.ask(replan, at(25, 3)) == ["StageReplanned"]
    assert play.hear(_session(ONNI, "session", at(30, 3)), at(30, 3)) == ["CoachingRecorded", "StageRequirementMet"]
    sparring = SparringHeld(
        sparring_id=_id(ONNI, "sparring"), employee_id=ONNI, skill="listening", held_at=at(1, 4).astimezone(UTC)
    )
    assert play.hear(sparring, at(1, 4)) == ["CoachingRecorded", "StageRequirementMet"]
    left = PersonLeft(person_id=ONNI, team_id=TEAM, last_day=date(2027, 4, 30), reason="own-choice")
    play.streams[f"onboarding.person-{ONNI}"].append(left)
    assert play.hear(left, at(26, 4)) == ["JourneyStopped"]
    stopped = play.newest(f"onboarding.journey-{ONNI}", "JourneyStopped")
    assert (stopped.stage, stopped.on, stopped.support) == ("first-response", date(2027, 4, 30), None)
