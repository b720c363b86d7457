"""Whatever is asked, in whatever order: what a journey promises holds after every command."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.onboarding.deciders.journey import (
    Answer,
    ArrangeFirstContactSupport,
    BeginStages,
    Journey,
    MarkStalled,
    MoveJourney,
    RecordCheck,
    RecordCoaching,
    RecordFirstContact,
    RecordMonitoring,
    ReplanStage,
    ReviewJourney,
    SignOffStage,
    StartJourney,
    StopJourney,
    TailorStage,
    Underway,
    VoidRecord,
    journey,
)
from services.onboarding.deciders.journey.state import codes_of
from services.onboarding.events.journey import JourneyEvent, JourneyStarted
from services.onboarding.events.shapes import Requirement
from services.onboarding.events.stage import (
    CheckPassed,
    CoachingRecorded,
    MonitoringRecorded,
    RecordVoided,
    StageCompleted,
    StageStarted,
)
from services.onboarding.events.structure import PersonJoinedTeam, PersonMovedTeam
from shared.core.decider import Asked, Look, Rejected, Seen
from shared.core.event import Event
from tests.onboarding.plan import (
    AINO,
    MONDAY,
    OTHER_TEAM,
    SANNA,
    TEAM,
    TEMPLATE,
    TUULA,
    at,
    basics,
    billing,
    confidence,
    first_contact,
    first_response,
    sign_off,
    systems,
    template_drafted,
    template_published,
)

STAGES = st.sampled_from(["basics", "first-response", "billing", "sales"])
RECORDS = st.integers(100, 110).map(lambda number: UUID(int=number))
TYPES = st.sampled_from(["data-change", "basic-enquiry", "billing"])
CODES = st.sampled_from([code for stage in (basics, first_response, billing) for code in codes_of(stage)])
ADDED = st.sampled_from(
    [
        first_contact,
        sign_off,
        Requirement(code="spar-listening", kind="spar", count=1, focus="Listening."),
        Requirement(code="listen-twice", kind="monitor", count=1, focus="Once is enough."),
        Requirement(code="talk", kind="coach", count=2, focus="Twice."),
        Requirement(code="talk", kind="spar", count=1, focus="Something else, under the same code."),
        Requirement(code="talk", kind="monitor", count=1, focus="Something else, under the same code."),
        Requirement(code="listen-twice", kind="coach", count=1, focus="Something else, under the same code."),
        Requirement(code="listen", kind="train", count=1, focus="Something else, under the same code."),
        Requirement(code="confidence", kind="monitor", count=1, focus="A requirement under the code of a check."),
        Requirement(code="systems", kind="coach", count=1, focus="A requirement under the code of a check."),
    ]
)
WORDS = "As it was."


def _answers(code: str, good: bool) -> tuple[Answer, ...]:
    check = {"confidence": confidence, "systems": systems}[code]
    return tuple(Answer(question=each.code, points=each.max_points if good else 1) for each in check.questions)


checks = st.builds(
    lambda attempt_id, check, good: RecordCheck(
        person_id=AINO, attempt_id=attempt_id, check=check, answers=_answers(check, good)
    ),
    RECORDS,
    st.sampled_from(["confidence", "systems"]),
    st.booleans(),
)
person, reason = st.just(AINO), st.just(WORDS)
commands: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        StartJourney,
        person_id=person,
        template_id=st.just(TEMPLATE),
        starts_on=st.just(MONDAY),
        supervisor_id=st.just(SANNA),
        preview_waiver=reason,
        credited=st.lists(st.sampled_from(["basics", "first-response", "billing"]), max_size=2).map(tuple),
    ),
    st.builds(BeginStages, person_id=person, journey_no=st.integers(1, 3), on=st.just(MONDAY)),
    st.builds(
        MoveJourney,
        person_id=person,
        from_day=st.sampled_from([MONDAY, date(2027, 6, 1)]),
        seq=st.integers(1, 5),
    ),
    st.builds(
        ArrangeFirstContactSupport,
        person_id=person,
        supporter_id=st.just(TUULA),
        supporter_team_id=st.just(TEAM),
        starts_at=st.just(at(20, 13)),
        minutes=st.just(60),
    ),
    st.builds(
        RecordFirstContact,
        person_id=person,
        contact_id=RECORDS,
        contact_type=TYPES,
        taken_at=st.just(at(9)),
        supported_by=st.just(TUULA),
    ),
    st.builds(RecordMonitoring, person_id=person, monitoring_id=RECORDS, observed_on=st.just(MONDAY)),
    st.builds(
        RecordCoaching,
        person_id=person,
        ref=RECORDS,
        form=st.sampled_from(["coach", "spar", "train"]),
        topics=st.just(()),
        held_on=st.just(MONDAY),
    ),
    checks,
    st.builds(VoidRecord, person_id=person, record_id=RECORDS, reason=reason),
    st.builds(SignOffStage, person_id=person, stage=STAGES, evidence=reason),
    st.builds(
        TailorStage,
        person_id=person,
        stage=STAGES,
        add=st.lists(ADDED, max_size=2).map(tuple),
        drop=st.lists(CODES, max_size=2).map(tuple),
        reason=reason,
    ),
    st.builds(
        lambda stage, other: TailorStage(person_id=AINO, stage=stage, add=(other,), drop=(other.code,), reason=WORDS),
        STAGES,
        ADDED,
    ),
    st.builds(ReplanStage, person_id=person, stage=STAGES, due_on=st.just(date(2027, 4, 30)), reason=reason),
    st.builds(MarkStalled, person_id=person, stage=STAGES, due_on=st.just(date(2027, 4, 30))),
    st.builds(ReviewJourney, person_id=person, side=st.just("supervisor"), rating=st.integers(1, 5), went_well=reason),
    st.builds(StopJourney, person_id=person, reason=st.just("other"), on=st.just(MONDAY)),
)

SEEN: dict[str, list[Event]] = {
    "person": [
        PersonJoinedTeam(person_id=AINO, team_id=TEAM, display_name="Aino", role_code="agent", joined_on=MONDAY),
        PersonMovedTeam(person_id=AINO, from_team_id=TEAM, to_team_id=OTHER_TEAM, from_day=date(2027, 6, 1)),
    ],
    "template": [template_drafted, template_published],
}


def _asked(command: Any, state: Journey, number: int) -> Sequence[JourneyEvent]:
    looks = journey.look_ups(command, state)
    seen = Seen({name: cast(Look, look).decider.fold(SEEN[name]) for name, look in looks.items()})
    asked = Asked(at(10) + timedelta(hours=number), str(SANNA))
    try:
        return journey.decide(command, state, seen, asked)
    except Rejected:
        return ()


@settings(max_examples=300, deadline=None)
@given(st.lists(commands, min_size=20, max_size=60))
def test_what_a_journey_promises_holds_after_every_command(asked: list[Any]) -> None:
    begin = [_first_start(), BeginStages(person_id=AINO, journey_no=1, on=MONDAY)]
    history: list[JourneyEvent] = []
    state: Journey = journey.initial
    for number, command in enumerate([*begin, *asked]):
        facts = _asked(command, state, number)
        assert _asked(command, journey.fold(history), number) == facts
        history += facts
        state = journey.fold(facts, state)
        assert state == journey.fold(history)
        _the_promises_hold(history, state)


def _first_start() -> StartJourney:
    return StartJourney(
        person_id=AINO, template_id=TEMPLATE, starts_on=MONDAY, supervisor_id=SANNA, preview_waiver=WORDS
    )


def _the_promises_hold(history: Sequence[JourneyEvent], state: Journey) -> None:
    present = _facts_of_the_present_journey(history)
    started = [fact.stage for fact in present if isinstance(fact, StageStarted)]
    completed = [fact for fact in present if isinstance(fact, StageCompleted)]
    ended = [fact.stage for fact in completed]
    assert len(started) == len(set(started))
    assert started[: len(ended)] == ended
    assert len(started) - len(ended) in (0, 1)
    unlocked = [kind for fact in completed for kind in fact.unlocks]
    assert len(unlocked) == len(set(unlocked))
    if isinstance(state, Underway):
        assert len(started) == len(ended) + 1
        assert state.open.code == started[-1]
        assert len(state.left) > 0
        assert _open_left(present) == len(state.left)
        counted = [record.id for record in state.course.records]
        assert len(counted) == len(set(counted))
        for asked in state.stage.requirements:
            if asked.kind not in ("first-contact", "sign-off"):
                assert (asked.code in state.open.done) == (_counted(present, asked, state.open.code) >= asked.count)
        passed = {(fact.stage, fact.check) for fact in _standing(present) if isinstance(fact, CheckPassed)}
        for check in state.stage.checks:
            assert (check.code in state.open.done) == ((state.open.code, check.code) in passed)


def _facts_of_the_present_journey(history: Sequence[JourneyEvent]) -> list[JourneyEvent]:
    starts = [number for number, fact in enumerate(history) if isinstance(fact, JourneyStarted)]
    return list(history[starts[-1] :]) if starts else []


def _standing(facts: Sequence[JourneyEvent]) -> list[JourneyEvent]:
    """All facts but the records that were taken back."""
    voided = {fact.record_id for fact in facts if isinstance(fact, RecordVoided)}
    ids = ("monitoring_id", "ref", "attempt_id")
    return [fact for fact in facts if voided.isdisjoint(getattr(fact, name, None) for name in ids)]


def _counted(facts: Sequence[JourneyEvent], asked: Requirement, stage: str) -> int:
    """The records of its kind that were told to count for a requirement."""
    kinds = [
        (fact.stage, fact.requirement, fact.form if isinstance(fact, CoachingRecorded) else "monitor")
        for fact in _standing(facts)
        if isinstance(fact, CoachingRecorded | MonitoringRecorded)
    ]
    return kinds.count((stage, asked.code, asked.kind))


def _open_left(facts: Sequence[JourneyEvent]) -> int:
    """The newest count of the open stage that a reader of the facts has seen."""
    counts = [left for fact in facts if (left := getattr(fact, "open_left", None)) is not None]
    return int(counts[-1])
