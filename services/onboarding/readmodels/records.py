"""What was done with a hire and counts until it is voided: coaching, monitoring, attempts at checks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, assert_never
from uuid import UUID

from services.onboarding.events.stage import (
    CheckFailed,
    CheckPassed,
    CoachingRecorded,
    MonitoringRecorded,
    RecordVoided,
)
from shared.core.event import Recorded
from shared.core.replacing import replace

RecordEvent = CoachingRecorded | MonitoringRecorded | CheckPassed | CheckFailed | RecordVoided


@dataclass(frozen=True, slots=True)
class Record:
    """`code` is the requirement it counted for, if for any, or the check; `version` tells which is the newest.

    Read models that count records have a kind of their own, because each has tables of its own.
    """

    person_id: UUID
    record_id: UUID
    journey_no: int | None = None
    kind: str | None = None
    stage: str | None = None
    code: str | None = None
    needs: tuple[str, ...] = ()
    version: int = 0
    voided: bool = False


R = TypeVar("R", bound=Record)


def record_of(event: RecordEvent, _: Recorded) -> tuple[UUID, UUID] | None:
    match event:
        case CoachingRecorded():
            return event.person_id, event.ref
        case MonitoringRecorded():
            return event.person_id, event.monitoring_id
        case CheckPassed() | CheckFailed():
            return event.person_id, event.attempt_id
        case RecordVoided():
            return None if event.kind == "first-contact" else (event.person_id, event.record_id)
        case _:
            assert_never(event)


def recording(kind: type[R]) -> Callable[[R | None, RecordEvent, Recorded], R]:
    """The fold of a kind of records."""

    def record(row: R | None, event: RecordEvent, recorded: Recorded) -> R:
        if row is None:
            key = record_of(event, recorded)
            assert key is not None, "only facts that touch a row are folded"
            row = kind(person_id=key[0], record_id=key[1])
        match event:
            case RecordVoided():
                return replace(row, voided=True)
            case CoachingRecorded():
                row = replace(row, kind="coaching", code=event.requirement)
            case MonitoringRecorded():
                row = replace(row, kind="monitoring", code=event.requirement)
            case CheckPassed() | CheckFailed():
                row = replace(row, kind="check", code=event.check, needs=event.needs)
            case _:
                assert_never(event)
        return replace(row, journey_no=event.journey_no, stage=event.stage, version=recorded.version)

    return record
