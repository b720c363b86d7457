"""Aino's onboarding as facts, from Monday 8 March 2027 on."""

from datetime import date
from typing import Any
from uuid import UUID

from services.onboarding.deciders.journey import Answer
from services.onboarding.events.journey import (
    FirstContactSupportArranged,
    JourneyCompleted,
    JourneyEvent,
    JourneyStarted,
    JourneyStopped,
    StartMoved,
    Support,
)
from services.onboarding.events.shapes import Requirement, Stage, TopicScore
from services.onboarding.events.stage import (
    CheckFailed,
    CheckPassed,
    CoachingRecorded,
    FirstContactTaken,
    MonitoringRecorded,
    RecordVoided,
    StageCompleted,
    StageRequirementMet,
    StageStarted,
    StageVerified,
)
from tests.onboarding.plan import (
    AINO,
    CONTACT,
    EXAM,
    GOAL,
    HEARD_AGAIN,
    HEARD_THIRD,
    KIT,
    LISTENED,
    MONDAY,
    NEXT_SESSION,
    RETAKE,
    SANNA,
    SESSION,
    SURVEY,
    TEAM,
    TEMPLATE,
    TUESDAY,
    TUULA,
    at,
    basics,
    billing,
    first_contact,
    first_response,
    listen,
    listen_twice,
    sign_off,
    talk,
)

J: dict[str, Any] = {"person_id": AINO, "team_id": TEAM, "journey_no": 1}

journey_started = JourneyStarted(
    **J,
    template_id=TEMPLATE,
    template_version=1,
    role_code="agent",
    final_goal=GOAL,
    starts_on=MONDAY,
    supervisor_id=SANNA,
    preview_waived=False,
    pace=100,
    credited=(),
    kit=KIT,
    stages=(basics, first_response, billing),
)


def stage_started(stage: Stage, order: int, on: date, due_on: date) -> StageStarted:
    return StageStarted(
        **J,
        stage=stage.code,
        title=stage.title,
        goal=stage.goal,
        order=order,
        stages_total=3,
        started_on=on,
        due_on=due_on,
        supported=stage.supported,
        requirements=stage.requirements,
        checks=tuple(check.code for check in stage.checks),
        open_left=len(stage.requirements) + len(stage.checks),
    )


def met(stage: Stage, requirement: Requirement, on: date, open_left: int) -> StageRequirementMet:
    return StageRequirementMet(
        **J, stage=stage.code, requirement=requirement.code, kind=requirement.kind, met_on=on, open_left=open_left
    )


def monitored(monitoring_id: UUID, stage: Stage, requirement: str | None, on: date) -> MonitoringRecorded:
    return MonitoringRecorded(
        **J, stage=stage.code, requirement=requirement, monitoring_id=monitoring_id, observed_on=on
    )


def coached(ref: UUID, stage: Stage, requirement: str | None, on: date, form: str = "coach") -> CoachingRecorded:
    return CoachingRecorded(
        **J, stage=stage.code, ref=ref, form=form, topics=("crm-search",), held_on=on, requirement=requirement
    )


def completed(stage: Stage, on: date, working_days: int) -> StageCompleted:
    return StageCompleted(**J, stage=stage.code, completed_on=on, working_days=working_days, unlocks=stage.unlocks)


NEXT_MONDAY = date(2027, 3, 15)
start_moved = StartMoved(**J, starts_on=NEXT_MONDAY, final_goal=GOAL, kit=KIT)
basics_started = stage_started(basics, 1, MONDAY, date(2027, 3, 10))
support = Support(supporter_id=TUULA, supporter_team_id=TEAM, starts_at=at(9, 13))
support_arranged = FirstContactSupportArranged(
    **J, supporter_id=TUULA, supporter_team_id=TEAM, starts_at=at(9, 13), minutes=120
)
contact_taken = FirstContactTaken(
    **J,
    stage="basics",
    contact_id=CONTACT,
    contact_type="data-change",
    taken_at=at(9, 13),
    supported_by=TUULA,
    journey_day=2,
    in_time=True,
)
contact_met = met(basics, first_contact, TUESDAY, 2)
listened = monitored(LISTENED, basics, "listen", TUESDAY)
listen_met = met(basics, listen, TUESDAY, 1)
survey_answers = (Answer(question="how-sure", points=2), Answer(question="how-calm", points=4))
survey_passed = CheckPassed(
    **J,
    stage="basics",
    check="confidence",
    kind="survey",
    attempt_id=SURVEY,
    attempt_no=1,
    score=60,
    topics=(TopicScore(topic="systems", percent=40), TopicScore(topic="talking", percent=80)),
    needs=("systems",),
    open_left=0,
)
basics_completed = completed(basics, TUESDAY, 1)
first_response_started = stage_started(first_response, 2, TUESDAY, date(2027, 3, 23))

weak_answers = (
    Answer(question="find", points=3),
    Answer(question="change", points=7),
    Answer(question="note", points=5),
)
good_answers = (
    Answer(question="find", points=8),
    Answer(question="change", points=9),
    Answer(question="note", points=5),
)
exam_failed = CheckFailed(
    **J,
    stage="first-response",
    check="systems",
    attempt_id=EXAM,
    attempt_no=1,
    score=60,
    pass_mark=80,
    topics=(TopicScore(topic="crm-search", percent=50), TopicScore(topic="contact-notes", percent=100)),
    needs=("crm-search",),
)
session_recorded = coached(SESSION, first_response, "talk", date(2027, 3, 18))
talk_met = met(first_response, talk, date(2027, 3, 18), 3)
session_voided = RecordVoided(
    **J,
    record_id=SESSION,
    kind="coaching",
    stage="first-response",
    requirement="talk",
    open_left=4,
    reason="It was Onni's.",
)
exam_passed = CheckPassed(
    **J,
    stage="first-response",
    check="systems",
    kind="exam",
    attempt_id=RETAKE,
    attempt_no=2,
    score=88,
    topics=(TopicScore(topic="crm-search", percent=85), TopicScore(topic="contact-notes", percent=100)),
    needs=(),
    open_left=2,
)
heard_once = monitored(HEARD_AGAIN, first_response, "listen-twice", date(2027, 3, 15))
heard_twice = monitored(HEARD_THIRD, first_response, "listen-twice", date(2027, 3, 19))
listen_twice_met = met(first_response, listen_twice, date(2027, 3, 19), 1)
first_response_verified = StageVerified(**J, stage="first-response", evidence="Two contacts without help.")
sign_off_met = met(first_response, sign_off, date(2027, 3, 22), 0)
first_response_completed = completed(first_response, date(2027, 3, 22), 9)
billing_started = stage_started(billing, 3, date(2027, 3, 22), date(2027, 4, 5))
billing_coached = coached(NEXT_SESSION, billing, "talk", date(2027, 3, 24))
billing_talk_met = met(billing, talk, date(2027, 3, 24), 1)
billing_verified = StageVerified(**J, stage="billing", evidence="Ten billing contacts alone.")
billing_signed = met(billing, sign_off, date(2027, 4, 2), 0)
billing_completed = completed(billing, date(2027, 4, 2), 9)
journey_completed = JourneyCompleted(**J, role_code="agent", completed_on=date(2027, 4, 2), working_days=19)
journey_stopped = JourneyStopped(**J, stage="basics", reason="left", on=date(2027, 3, 31))

IN_BASICS: tuple[JourneyEvent, ...] = (journey_started, basics_started)
BASICS_DONE: tuple[JourneyEvent, ...] = (
    *IN_BASICS,
    support_arranged,
    contact_taken,
    contact_met,
    listened,
    listen_met,
    survey_passed,
    basics_completed,
)
IN_FIRST_RESPONSE: tuple[JourneyEvent, ...] = (*BASICS_DONE, first_response_started)
READY_TO_SIGN_OFF: tuple[JourneyEvent, ...] = (
    *IN_FIRST_RESPONSE,
    heard_once,
    exam_failed,
    session_recorded,
    talk_met,
    exam_passed,
    heard_twice,
    listen_twice_met,
)
IN_BILLING: tuple[JourneyEvent, ...] = (
    *READY_TO_SIGN_OFF,
    first_response_verified,
    sign_off_met,
    first_response_completed,
    billing_started,
)
ALL_DONE: tuple[JourneyEvent, ...] = (
    *IN_BILLING,
    billing_coached,
    billing_talk_met,
    billing_verified,
    billing_signed,
    billing_completed,
    journey_completed,
)
