"""Every attempt at a survey or an exam, and what is still to be learnt. Answers GET /v1/check-results."""

from dataclasses import dataclass
from typing import Annotated, Literal, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import and_, case, cast, exists, select
from sqlalchemy.dialects.postgresql import JSONB

from services.onboarding.events.shapes import SCORE, TopicScore
from services.onboarding.events.stage import CheckFailed, CheckPassed, RecordVoided
from services.onboarding.readmodels.people import Person
from shared.core.event import Personal, Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.directory import for_insiders, is_in, still_here, team_on
from shared.web.queries import Page, Reads

BY = ("self", "team", "H")
AttemptEvent = CheckPassed | CheckFailed | RecordVoided


@dataclass(frozen=True, slots=True)
class Attempt:
    """The person belongs to the key: ids come from outside. `version` tells which attempt is the newest."""

    person_id: UUID
    attempt_id: UUID
    journey_no: int | None = None
    stage: str | None = None
    check: str | None = None
    kind: str | None = None
    attempt_no: int | None = None
    score: int | None = None
    passed: bool | None = None
    topics: tuple[TopicScore, ...] = ()
    needs: tuple[str, ...] = ()
    suggestion: Annotated[str | None, Personal("person_id")] = None
    version: int = 0
    voided: bool = False


def attempt_of(event: AttemptEvent, _: Recorded) -> tuple[UUID, UUID] | None:
    if isinstance(event, RecordVoided):
        return (event.person_id, event.record_id) if event.kind == "check" else None
    return event.person_id, event.attempt_id


def attempt(row: Attempt | None, event: AttemptEvent, recorded: Recorded) -> Attempt:
    match event:
        case CheckPassed():
            return _attempt(event, event.kind, passed=True, version=recorded.version)
        case CheckFailed():
            return _attempt(event, "exam", passed=False, version=recorded.version)
        case RecordVoided():
            row = row or Attempt(person_id=event.person_id, attempt_id=event.record_id)
            return replace(row, voided=True)
        case _:
            assert_never(event)


def _attempt(event: CheckPassed | CheckFailed, kind: str, *, passed: bool, version: int) -> Attempt:
    return Attempt(
        person_id=event.person_id,
        attempt_id=event.attempt_id,
        journey_no=event.journey_no,
        stage=event.stage,
        check=event.check,
        kind=kind,
        attempt_no=event.attempt_no,
        score=event.score,
        passed=passed,
        topics=event.topics,
        needs=event.needs,
        suggestion=event.suggestion,
        version=version,
    )


class CheckResult(BaseModel):
    """`open_needs` are those of the newest attempt at the check; of the others there are none."""

    person_id: UUID
    attempt_id: UUID
    team_id: UUID | None
    journey_no: int
    stage: str
    check: str
    kind: Literal["survey", "exam"]
    attempt_no: int
    score: Annotated[int, SCORE]
    passed: bool
    topics: tuple[TopicScore, ...]
    needs: tuple[str, ...]
    open_needs: tuple[str, ...]
    suggestion: Annotated[str | None, Personal("person_id")]
    voided: bool


async def read(
    view: Reads, person_id: UUID | None = None, team_id: UUID | None = None, check: str | None = None
) -> Page[CheckResult]:
    row, later, person = view[Attempt], view[Attempt], view[Person]
    same = [row.c[each] == later.c[each] for each in ("person_id", "journey_no", "stage", "check")]
    outdone = exists().where(*same, later.c.version > row.c.version, ~later.c.voided)
    needs = cast(row.c.needs, JSONB)
    open_needs = case((and_(~row.c.voided, ~outdone), needs), else_=cast([], JSONB))
    team = team_on(person, view.today)
    query = (
        select(*row.c, open_needs.label("open_needs"), team.label("team_id"))
        .select_from(row)
        .outerjoin(person, person.c.person_id == row.c.person_id)
        .where(view.seen(person=row.c.person_id, team=team, by=BY))
        .where(still_here(person, view.today), row.c.check.is_not(None))
    )
    if person_id is not None:
        query = query.where(row.c.person_id == person_id)
    if team_id is not None:
        query = query.where(is_in(person, team_id, view.today))
    if check is not None:
        query = query.where(row.c.check == check)
    page = await view.page(query, CheckResult, order=("person_id", "version"))
    return await for_insiders(view, page, BY, Person, person_id=person_id, team_id=team_id)


read_model = ReadModel(
    "check_results",
    version=1,
    rows=[
        Rows(
            Attempt,
            key=("person_id", "attempt_id"),
            hears=AttemptEvent,
            rows_of=attempt_of,
            fold=attempt,
            indexes=(("person_id", "version"),),
        )
    ],
    query=read,
    seen_by="self, supervisor and deputy, H",
    watched=Watched(BY, key=("person_id",), person="person_id"),
)
