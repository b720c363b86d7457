"""Which candidates have gone through the honest preview. Answers GET /v1/previews."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never
from uuid import UUID

from sqlalchemy import select

from services.onboarding.events.preview import CandidateWithdrew, PreviewAcknowledged, PreviewEvent, PreviewShown
from shared.core.event import Personal, Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.queries import Page, Reads

BY = ("H", "S")


@dataclass(frozen=True, slots=True)
class Preview:
    """`acknowledged` speaks of `version`: a newer one that is shown has to be gone through anew."""

    candidate_id: UUID
    role_code: str | None = None
    material_id: UUID | None = None
    version: int | None = None
    shown_on: date | None = None
    acknowledged: bool = False
    understood: tuple[str, ...] = ()
    questions: Annotated[str | None, Personal("candidate_id")] = None
    withdrawn: str | None = None


def preview_of(event: PreviewEvent, _: Recorded) -> UUID:
    return event.candidate_id


def preview(row: Preview | None, event: PreviewEvent, _: Recorded) -> Preview:
    row = row or Preview(candidate_id=event.candidate_id)
    match event:
        case PreviewShown():
            return replace(
                row,
                role_code=event.role_code,
                material_id=event.material_id,
                version=event.version,
                shown_on=event.shown_on,
                acknowledged=False,
            )
        case PreviewAcknowledged():
            return replace(row, acknowledged=True, understood=event.understood, questions=event.questions)
        case CandidateWithdrew():
            return replace(row, withdrawn=event.reason)
        case _:
            assert_never(event)


async def read(view: Reads, acknowledged: bool | None = None) -> Page[Preview]:
    row = view[Preview]
    query = select(row).where(view.seen(by=BY))
    if acknowledged is not None:
        query = query.where(row.c.acknowledged == acknowledged)
    return await view.page(query, Preview, order=("candidate_id",))


read_model = ReadModel(
    "previews",
    version=1,
    rows=[Rows(Preview, key=("candidate_id",), hears=PreviewEvent, rows_of=preview_of, fold=preview)],
    query=read,
    seen_by="H S",
    watched=Watched(BY, key=("candidate_id",)),
)
