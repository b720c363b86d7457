"""The honest preview of a job, version by version. Answers GET /v1/preview-materials."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import exists, select

from services.onboarding.events.preview import MaterialPublished, MaterialRetired, PreviewShown
from services.onboarding.events.shapes import Section
from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.web.queries import Page, Reads
from shared.web.view import as_id


@dataclass(frozen=True, slots=True)
class Version:
    material_id: UUID
    version: int
    role_code: str | None = None
    sections: tuple[Section, ...] = ()


def version_of(event: MaterialPublished, _: Recorded) -> tuple[UUID, int]:
    return event.material_id, event.version


def version(_row: Version | None, event: MaterialPublished, _: Recorded) -> Version:
    return Version(
        material_id=event.material_id,
        version=event.version,
        role_code=event.role_code,
        sections=event.sections,
    )


@dataclass(frozen=True, slots=True)
class Retired:
    """A material that is shown to no new candidate, in none of its versions."""

    material_id: UUID


def retired_of(event: MaterialRetired, _: Recorded) -> UUID:
    return event.material_id


def retired(_row: Retired | None, event: MaterialRetired, _: Recorded) -> Retired:
    return Retired(material_id=event.material_id)


@dataclass(frozen=True, slots=True)
class Shown:
    """The version a candidate was shown last: the one a candidate may read."""

    candidate_id: UUID
    material_id: UUID | None = None
    version: int | None = None


def shown_to(event: PreviewShown, _: Recorded) -> UUID:
    return event.candidate_id


def shown(_row: Shown | None, event: PreviewShown, _: Recorded) -> Shown:
    return Shown(candidate_id=event.candidate_id, material_id=event.material_id, version=event.version)


class MaterialItem(BaseModel):
    material_id: UUID
    version: int
    role_code: str
    sections: tuple[Section, ...]
    retired: bool


async def read(view: Reads, role_code: str | None = None) -> Page[MaterialItem]:
    row, gone, seen = view[Version], view[Retired], view[Shown]
    query = (
        select(*row.c, gone.c.material_id.is_not(None).label("retired"))
        .select_from(row)
        .outerjoin(gone, gone.c.material_id == row.c.material_id)
        .where(view.seen(by=("H", "S", "C")))
    )
    if not view.caller.roles & {"H", "S"}:
        candidate = seen.c.candidate_id == as_id(view.caller.person_id)
        this = seen.c.material_id == row.c.material_id, seen.c.version == row.c.version
        query = query.where(exists().where(candidate, *this))
    if role_code is not None:
        query = query.where(row.c.role_code == role_code)
    return await view.page(query, MaterialItem, order=("material_id", "version"))


read_model = ReadModel(
    "preview_materials",
    version=1,
    rows=[
        Rows(
            Version,
            key=("material_id", "version"),
            hears=MaterialPublished,
            rows_of=version_of,
            fold=version,
            indexes=(("role_code",),),
        ),
        Rows(Retired, key=("material_id",), hears=MaterialRetired, rows_of=retired_of, fold=retired),
        Rows(Shown, key=("candidate_id",), hears=PreviewShown, rows_of=shown_to, fold=shown),
    ],
    query=read,
    seen_by="H S; C the version shown to them",
    watched=Watched(by=("H", "S"), key=("material_id",)),
)
