"""How a fact changes where a journey stands. Nothing is judged here: what happened, happened."""

from collections.abc import Mapping
from typing import assert_never

from services.onboarding.deciders.journey.state import (
    Arranged,
    Completed,
    Course,
    Journey,
    NotStarted,
    OpenStage,
    Record,
    Review,
    Start,
    Stopped,
    Underway,
    Waiting,
)
from services.onboarding.events.journey import (
    FirstContactSupportArranged,
    JourneyCompleted,
    JourneyEvent,
    JourneyMoved,
    JourneyReviewed,
    JourneyStarted,
    JourneyStopped,
    ReviewAsked,
    StartMoved,
    Support,
)
from services.onboarding.events.shapes import Stage
from services.onboarding.events.stage import (
    CheckFailed,
    CheckPassed,
    CoachingRecorded,
    FirstContactTaken,
    JourneyStalled,
    MonitoringRecorded,
    RecordVoided,
    StageCompleted,
    StageReplanned,
    StageRequirementMet,
    StageStarted,
    StageTailored,
    StageVerified,
)
from shared.core.replacing import replace


def evolve(journey: Journey, event: JourneyEvent) -> Journey:
    if isinstance(event, JourneyStarted):
        return Waiting(_set_out(journey, event))
    assert not isinstance(journey, NotStarted), "a journey begins with JourneyStarted"
    course = _follow(journey.course, event)
    match event:
        case StageStarted():
            return Underway(course, OpenStage(event.stage, event.started_on, event.due_on))
        case JourneyCompleted():
            return Completed(course)
        case JourneyStopped():
            return Stopped(course)
    if isinstance(journey, Underway) and isinstance(event, Within):
        return Underway(course, _within(journey.open, event))
    return replace(journey, course=course)


def _set_out(journey: Journey, event: JourneyStarted) -> Course:
    """A journey begins; what is known of the person's earlier ones stays known."""
    credited = frozenset(event.credited)
    course = Course(
        person_id=event.person_id,
        team_id=event.team_id,
        journey_no=event.journey_no,
        start=Start(event.template_id, event.starts_on, event.supervisor_id, event.pace, credited),
        starts_on=event.starts_on,
        role_code=event.role_code,
        final_goal=event.final_goal,
        kit=event.kit,
        stages={stage.code: stage for stage in event.stages},
        credited=event.credited,
    )
    if isinstance(journey, NotStarted):
        return course
    before = journey.course
    return replace(course, records=before.records, known_ids=before.known_ids, seq=before.seq)


def _follow(course: Course, event: JourneyEvent) -> Course:
    match event:
        case StartMoved():
            return replace(course, starts_on=event.starts_on)
        case JourneyMoved():
            return replace(course, team_id=event.team_id, seq=event.seq)
        case StageStarted():
            return replace(course, begun_on=course.begun_on or event.started_on)
        case FirstContactSupportArranged():
            return replace(course, support=_arranged(event))
        case FirstContactTaken() | MonitoringRecorded() | CoachingRecorded() | CheckPassed() | CheckFailed():
            record = _record(event)
            return replace(
                course, records=(*course.records, record), known_ids={**course.known_ids, record.id: record.kind}
            )
        case RecordVoided():
            left = tuple(record for record in course.records if record.id != event.record_id)
            return replace(course, records=left)
        case StageVerified():
            return replace(course, verified=course.verified | {event.stage})
        case StageTailored():
            return _tailored(course, event)
        case StageCompleted():
            return replace(course, completed=(*course.completed, event.stage))
        case JourneyReviewed():
            review = Review(event.rating, event.went_well, event.suggestion)
            return replace(course, reviews={**course.reviews, event.side: review})
        case ReviewAsked():
            return replace(course, review_asked=True)
        case (
            JourneyStarted()
            | StageRequirementMet()
            | StageReplanned()
            | JourneyStalled()
            | JourneyCompleted()
            | JourneyStopped()
        ):
            return course
        case _:
            assert_never(event)


def _arranged(event: FirstContactSupportArranged) -> Arranged:
    support = Support(
        supporter_id=event.supporter_id,
        supporter_team_id=event.supporter_team_id,
        starts_at=event.starts_at,
    )
    return Arranged(support, event.minutes)


Recording = FirstContactTaken | MonitoringRecorded | CoachingRecorded | CheckPassed | CheckFailed


def _record(event: Recording) -> Record:
    no, stage = event.journey_no, event.stage
    match event:
        case FirstContactTaken():
            return Record(event.contact_id, "first-contact", no, stage, None, event.taken_at.date())
        case MonitoringRecorded():
            return Record(event.monitoring_id, "monitoring", no, stage, event.requirement, event.observed_on)
        case CoachingRecorded():
            return Record(event.ref, "coaching", no, stage, event.requirement, event.held_on, form=event.form)
        case CheckPassed():
            return Record(event.attempt_id, "check", no, stage, event.check, passed=True)
        case CheckFailed():
            return Record(event.attempt_id, "check", no, stage, event.check)
        case _:
            assert_never(event)


def tailor(stage: Stage, event: StageTailored) -> Stage:
    """A stage as it is after somebody added to it and dropped from it."""
    kept = [each for each in stage.requirements if each.code not in event.drop]
    checks = tuple(each for each in stage.checks if each.code not in event.drop)
    return stage.model_copy(update={"requirements": (*kept, *event.add), "checks": checks})


def _tailored(course: Course, event: StageTailored) -> Course:
    stages: Mapping[str, Stage] = {**course.stages, event.stage: tailor(course.stages[event.stage], event)}
    dropped = {(event.stage, code) for code in event.drop}
    added = {(event.stage, each.code) for each in event.add}
    return replace(course, stages=stages, added=course.added - dropped | added, dropped=course.dropped | dropped)


Within = StageRequirementMet | CheckPassed | RecordVoided | StageTailored | StageReplanned | JourneyStalled


def _within(stage: OpenStage, event: Within) -> OpenStage:
    match event:
        case StageRequirementMet():
            return replace(stage, done=stage.done | {event.requirement})
        case CheckPassed():
            return replace(stage, done=stage.done | {event.check})
        case RecordVoided():
            return replace(stage, done=frozenset(code for code in stage.done if code != event.requirement))
        case StageTailored():
            dropped = event.drop if event.stage == stage.code else ()
            return replace(stage, done=stage.done.difference(dropped))
        case StageReplanned():
            return replace(stage, due_on=event.due_on, stalled=False)
        case JourneyStalled():
            return replace(stage, stalled=True)
        case _:
            assert_never(event)
