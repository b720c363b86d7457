"""A learning package: drafted, joined by those who give it, published in versions, retired."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, assert_never
from uuid import UUID

from pydantic import Field

from services.coaching.events.package import (
    PackageDrafted,
    PackageEvent,
    PackagePublished,
    PackageRetired,
    TrainerJoinedPackage,
)
from shared.core.decider import Asked, Command, Decider, Rejected, Seen, example, if_over, if_unknown, over, unknown
from shared.core.replacing import replace
from shared.core.types import Code, Text80, Text200, Text2000

PACKAGE = "0195b1c0-0000-7000-8000-000000000a01"
SPARRING_MINUTES = range(15, 31)
NO_PACKAGE = if_unknown("package") | if_over("package")


class DraftPackage(Command):
    """Describe a training, a coaching or a sparring, whoever gives it; this replaces the draft before."""

    model_config = example(
        package_id=PACKAGE,
        title="Closing a sale without pushing",
        skill="sales-closing",
        area="sales",
        kind="sparring",
        minutes=25,
        source="peer",
        contact_types=["sales"],
        outline="Hear three contacts, look for the moment the customer was ready, try one sentence.",
    )
    refused = if_over("package") | {"minutes-not-15-30": "a sparring takes a quarter to half an hour"}
    package_id: UUID
    title: Text80
    skill: Code
    area: Literal["systems", "products", "service", "sales", "voice", "stress", "leadership", "other"]
    kind: Literal["training", "coaching", "sparring", "mixed"]
    minutes: Annotated[int, Field(ge=15, le=480)]
    source: Literal["peer", "specialist", "external", "client"]
    contact_types: Annotated[tuple[Code, ...], Field(max_length=20)]
    outline: Text2000


class JoinPackage(Command):
    """Name a trainer who gives the package."""

    model_config = example(package_id=PACKAGE, trainer_id="0195b1c0-0000-7000-8000-000000000003")
    refused = NO_PACKAGE
    package_id: UUID
    trainer_id: UUID


class PublishPackage(Command):
    """Let trainings be planned with the draft; another draft or link makes the next version."""

    model_config = example(package_id=PACKAGE, material="https://intra.example/closing")
    refused = NO_PACKAGE | {"no-trainer": "colleagues are to give it, and nobody has joined yet"}
    package_id: UUID
    material: Text200


class RetirePackage(Command):
    """Plan no training with the package any more."""

    model_config = example(package_id=PACKAGE)
    refused = if_unknown("package")
    package_id: UUID


PackageCommand = DraftPackage | JoinPackage | PublishPackage | RetirePackage


@dataclass(frozen=True, slots=True)
class Missing:
    pass


@dataclass(frozen=True, slots=True)
class Drafted:
    """Never published."""

    draft: PackageDrafted
    trainers: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Published:
    """`newest` is what trainings are planned with; `newer_draft`: something else was drafted since."""

    newest: PackagePublished
    draft: PackageDrafted
    trainers: frozenset[UUID]
    newer_draft: bool = False


@dataclass(frozen=True, slots=True)
class Retired:
    package: Drafted | Published


Package = Missing | Drafted | Published | Retired


def stream_of(package_id: UUID) -> str:
    return f"coaching.package-{package_id}"


def decide(command: PackageCommand, package: Package, seen: Seen, asked: Asked) -> Sequence[PackageEvent]:
    match command:
        case DraftPackage():
            return _draft(command, package)
        case JoinPackage():
            return _join(command, package)
        case PublishPackage():
            return _publish(command, package)
        case RetirePackage():
            return _retire(command, package)
        case _:
            assert_never(command)


def _draft(command: DraftPackage, package: Package) -> Sequence[PackageEvent]:
    drafted = PackageDrafted(**dict(command))
    if not isinstance(package, Missing) and _known(package).draft == drafted:
        return []
    _refuse_retired(package)
    if command.kind == "sparring" and command.minutes not in SPARRING_MINUTES:
        raise Rejected("minutes-not-15-30", "a sparring takes a quarter to half an hour")
    return [drafted]


def _join(command: JoinPackage, package: Package) -> Sequence[PackageEvent]:
    if command.trainer_id in _known(package).trainers:
        return []
    _refuse_retired(package)
    return [TrainerJoinedPackage(**dict(command))]


def _publish(command: PublishPackage, package: Package) -> Sequence[PackageEvent]:
    known = _known(package)
    if isinstance(known, Published) and not known.newer_draft and known.newest.material == command.material:
        return []
    _refuse_retired(package)
    draft = known.draft
    if draft.source == "peer" and not known.trainers:
        raise Rejected("no-trainer", "colleagues are to give it, and nobody has joined yet")
    return [
        PackagePublished(
            package_id=command.package_id,
            version=known.newest.version + 1 if isinstance(known, Published) else 1,
            title=draft.title,
            skill=draft.skill,
            kind=draft.kind,
            minutes=draft.minutes,
            source=draft.source,
            material=command.material,
        )
    ]


def _retire(command: RetirePackage, package: Package) -> Sequence[PackageEvent]:
    _known(package)
    return [] if isinstance(package, Retired) else [PackageRetired(package_id=command.package_id)]


def _known(package: Package) -> Drafted | Published:
    match package:
        case Missing():
            raise unknown("package")
        case Drafted() | Published():
            return package
        case Retired():
            return package.package
        case _:
            assert_never(package)


def _refuse_retired(package: Package) -> None:
    if isinstance(package, Retired):
        raise over("package")


def evolve(package: Package, event: PackageEvent) -> Package:
    assert isinstance(event, PackageDrafted) or not isinstance(package, Missing), "a package begins with PackageDrafted"
    match event:
        case PackageDrafted():
            return _drafted(package, event)
        case TrainerJoinedPackage():
            known = _known(package)
            return replace(known, trainers=known.trainers | {event.trainer_id})
        case PackagePublished():
            known = _known(package)
            return Published(event, known.draft, known.trainers)
        case PackageRetired():
            return Retired(_known(package))
        case _:
            assert_never(event)


def _drafted(package: Package, event: PackageDrafted) -> Package:
    if isinstance(package, Missing):
        return Drafted(event)
    known = _known(package)
    return (
        replace(known, draft=event, newer_draft=True) if isinstance(known, Published) else replace(known, draft=event)
    )


package: Decider[PackageCommand, Package, PackageEvent] = Decider(
    kind="package",
    commands=PackageCommand,
    events=PackageEvent,
    stream=lambda command: stream_of(command.package_id),
    initial=Missing(),
    decide=decide,
    evolve=evolve,
)
