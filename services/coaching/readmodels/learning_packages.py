"""Everything that can be learnt here, whoever gives it. Answers GET /v1/learning-packages."""

from dataclasses import dataclass
from typing import Literal, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import exists, func, select

from services.coaching.events.package import (
    PackageDrafted,
    PackageEvent,
    PackagePublished,
    PackageRetired,
    TrainerJoinedPackage,
)
from services.coaching.events.training import TrainingHeld
from services.coaching.readmodels.parts.needs import Need, NeedEvent, need_of, needing
from shared.core.directory import Member
from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows
from shared.core.replacing import replace
from shared.web.directory import still_here
from shared.web.queries import Page, Reads

State = Literal["drafted", "published", "retired"]


@dataclass(frozen=True, slots=True)
class Package:
    """As drafted last; `version` and `material` are those of the newest published version."""

    package_id: UUID
    title: str | None = None
    skill: str | None = None
    area: str | None = None
    kind: str | None = None
    minutes: int | None = None
    source: str | None = None
    contact_types: tuple[str, ...] = ()
    outline: str | None = None
    trainers: tuple[UUID, ...] = ()
    version: int = 0
    material: str | None = None
    state: str = "drafted"


def package_of(event: PackageEvent, _: Recorded) -> UUID:
    return event.package_id


def package(row: Package | None, event: PackageEvent, _: Recorded) -> Package:
    row = row or Package(event.package_id)
    match event:
        case PackageDrafted():
            return replace(row, **dict(event))
        case TrainerJoinedPackage():
            return replace(row, trainers=(*row.trainers, event.trainer_id))
        case PackagePublished():
            return replace(row, version=event.version, material=event.material, state="published")
        case PackageRetired():
            return replace(row, state="retired")
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A training that was held with a package."""

    training_id: UUID
    package_id: UUID


def lesson_of(event: TrainingHeld, _: Recorded) -> UUID:
    return event.training_id


def lesson(_row: Lesson | None, event: TrainingHeld, _: Recorded) -> Lesson:
    return Lesson(event.training_id, event.package_id)


@dataclass(frozen=True, slots=True)
class PackageNeed(Need):
    """A need that a package about its topic could meet."""


class PackageItem(BaseModel):
    """`held` trainings were given with it; `needs_open` people have a need that it is about."""

    package_id: UUID
    state: State
    version: int
    skill: str
    area: str
    title: str
    outline: str
    kind: str
    minutes: int
    source: str
    trainers: tuple[UUID, ...]
    contact_types: tuple[str, ...]
    material: str | None
    held: int
    needs_open: int


async def read(
    view: Reads, skill: str | None = None, area: str | None = None, source: str | None = None
) -> Page[PackageItem]:
    row, lesson, need = view[Package], view[Lesson], view[PackageNeed]
    held = select(func.count()).select_from(lesson).where(lesson.c.package_id == row.c.package_id)
    member = view[Member]
    gone = exists().where(member.c.person_id == need.c.person_id, ~still_here(member, view.today))
    needs = select(func.count()).select_from(need).where(need.c.topic == row.c.skill, ~need.c.met, ~gone)
    query = select(*(*row.c, held.scalar_subquery().label("held"), needs.scalar_subquery().label("needs_open"))).where(
        view.seen(by=("everybody",))
    )
    for name, value in {"skill": skill, "area": area, "source": source}.items():
        if value is not None:
            query = query.where(row.c[name] == value)
    return await view.page(query, PackageItem, order=("package_id",))


read_model = ReadModel(
    "learning_packages",
    version=1,
    rows=[
        Rows(
            Package,
            key=("package_id",),
            hears=PackageEvent,
            rows_of=package_of,
            fold=package,
            indexes=(("skill",),),
        ),
        Rows(
            Lesson,
            key=("training_id",),
            hears=TrainingHeld,
            rows_of=lesson_of,
            fold=lesson,
            indexes=(("package_id",),),
        ),
        Rows(
            PackageNeed,
            key=("person_id", "need_id"),
            hears=NeedEvent,
            rows_of=need_of,
            fold=needing(PackageNeed),
            indexes=(("topic",),),
        ),
    ],
    query=read,
    seen_by="everybody",
)
