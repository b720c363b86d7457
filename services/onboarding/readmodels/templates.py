"""Plan templates, version by version, and the draft of the next one. Answers GET /v1/templates."""

from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, or_, select

from services.onboarding.events.shapes import KitItem, Stage
from services.onboarding.events.template import TemplateDrafted, TemplateEvent, TemplatePublished, TemplateRetired
from shared.core.event import Recorded, Shape
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.queries import Page, Reads

DRAFT = 0
ContentsEvent = TemplateDrafted | TemplatePublished

BY = ("H", "S", "M")


@dataclass(frozen=True, slots=True)
class Version:
    template_id: UUID
    version: int
    name: str | None = None
    role_code: str | None = None
    final_goal: str | None = None
    kit: tuple[KitItem, ...] = ()
    stages: tuple[Stage, ...] = ()
    note: str | None = None


def version_of(event: ContentsEvent, _: Recorded) -> tuple[UUID, int]:
    return event.template_id, _number(event)


def version(_row: Version | None, event: ContentsEvent, _: Recorded) -> Version:
    return Version(
        template_id=event.template_id,
        version=_number(event),
        name=event.name,
        role_code=event.role_code,
        final_goal=event.final_goal,
        kit=event.kit,
        stages=event.stages,
        note=event.note if isinstance(event, TemplatePublished) else None,
    )


def _number(event: ContentsEvent) -> int:
    return event.version if isinstance(event, TemplatePublished) else DRAFT


class Contents(Shape):
    """What is drafted, and then published as it is."""

    name: str
    role_code: str
    final_goal: str
    kit: tuple[KitItem, ...]
    stages: tuple[Stage, ...]


def _contents(event: ContentsEvent) -> Contents:
    return Contents(**{name: getattr(event, name) for name in Contents.model_fields})


@dataclass(frozen=True, slots=True)
class Template:
    """What holds for all versions of a template. `drafted`: there is a draft that differs from the newest version."""

    template_id: UUID
    newest: int | None = None
    published: Contents | None = None
    drafted: bool = False
    retired: bool = False


def template_of(event: TemplateEvent, _: Recorded) -> UUID:
    return event.template_id


def template(row: Template | None, event: TemplateEvent, _: Recorded) -> Template:
    row = row or Template(template_id=event.template_id)
    match event:
        case TemplateDrafted():
            return replace(row, drafted=_contents(event) != row.published)
        case TemplatePublished():
            return replace(row, newest=event.version, published=_contents(event), drafted=False)
        case TemplateRetired():
            return replace(row, retired=True)
        case _:
            assert_never(event)


class TemplateItem(BaseModel):
    """Version 0 is the draft."""

    template_id: UUID
    version: int
    name: str
    role_code: str
    final_goal: str
    kit: tuple[KitItem, ...]
    stages: tuple[Stage, ...]
    note: str | None
    newest: bool
    retired: bool


async def read(view: Reads, role_code: str | None = None, newest: bool | None = None) -> Page[TemplateItem]:
    row, whole = view[Version], view[Template]
    is_newest = func.coalesce(row.c.version == whole.c.newest, False)
    query = (
        select(*row.c, is_newest.label("newest"), whole.c.retired)
        .select_from(row)
        .join(whole, whole.c.template_id == row.c.template_id)
        .where(view.seen(by=BY), or_(row.c.version != DRAFT, whole.c.drafted))
    )
    if role_code is not None:
        query = query.where(row.c.role_code == role_code)
    if newest is not None:
        query = query.where(is_newest == newest)
    return await view.page(query, TemplateItem, order=("template_id", "version"))


read_model = ReadModel(
    "templates",
    version=2,
    rows=[
        Rows(
            Version,
            key=("template_id", "version"),
            hears=ContentsEvent,
            rows_of=version_of,
            fold=version,
            indexes=(("role_code",),),
        ),
        Rows(Template, key=("template_id",), hears=TemplateEvent, rows_of=template_of, fold=template),
    ],
    query=read,
    seen_by="H S M",
    watched=Watched(BY, key=("template_id",)),
)
