"""What can have happened with a learning package, whoever gives it."""

from uuid import UUID

from shared.core.event import Event


class PackageDrafted(Event, name="coaching.package-drafted"):
    """A learning package has these contents, in place of the draft before."""

    package_id: UUID
    title: str
    skill: str
    area: str
    kind: str
    minutes: int
    source: str
    contact_types: tuple[str, ...]
    outline: str


class TrainerJoinedPackage(Event, name="coaching.trainer-joined-package"):
    """A trainer gives this package, and develops it with the others who do."""

    package_id: UUID
    trainer_id: UUID


class PackagePublished(Event, name="coaching.package-published"):
    """A version of the package may be planned into trainings."""

    package_id: UUID
    version: int
    title: str
    skill: str
    kind: str
    minutes: int
    source: str
    material: str


class PackageRetired(Event, name="coaching.package-retired"):
    """No training is planned with the package any more."""

    package_id: UUID


PackageEvent = PackageDrafted | TrainerJoinedPackage | PackagePublished | PackageRetired
