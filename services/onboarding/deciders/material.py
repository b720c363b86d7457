"""The material of a job preview: what candidates are told honestly, and why each thing is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self, assert_never
from uuid import UUID

from pydantic import Field, model_validator

from services.onboarding.events.preview import MaterialEvent, MaterialPublished, MaterialRetired
from services.onboarding.events.shapes import Section
from shared.core.decider import Asked, Command, Decider, Rejected, Seen, example, if_over, if_unknown, over, unknown
from shared.core.types import Code

MUST_BE_TOLD = ("best-moments", "work-rhythm", "hard-days", "measures")
MOST_MEASURES = 20


def measures_of(sections: Sequence[Section]) -> tuple[str, ...]:
    """Every measure once, in the order of telling."""
    return tuple(dict.fromkeys(each.measure for section in sections for each in section.measures))


class PublishMaterial(Command):
    """Publish the preview of a role; other contents make the next version."""

    model_config = example(
        material_id="0195b1c0-0000-7000-8000-0000000000e1",
        role_code="agent",
        sections=[
            {
                "topic": "best-moments",
                "title": "What people like",
                "body": "Most callers are glad when their matter is solved at once.",
                "measures": [],
            },
            {
                "topic": "work-rhythm",
                "title": "A day",
                "body": "Contacts come as they come; breaks are planned for you.",
                "measures": [],
            },
            {
                "topic": "hard-days",
                "title": "When the forecast fails",
                "body": "Queues grow, side tasks wait, and the supervisor takes contacts too.",
                "measures": [],
            },
            {
                "topic": "measures",
                "title": "What is measured",
                "body": "Nothing is measured without a reason.",
                "measures": [
                    {"measure": "on-time", "why": "availability", "reason": "Each answers when the others count on it."}
                ],
            },
        ],
    )
    refused = if_over("material") | {
        "measures-missing": "the section on measures names at least one",
        "topic-missing": "an honest preview tells of more topics than these",
    }
    material_id: UUID
    role_code: Code
    sections: Annotated[tuple[Section, ...], Field(min_length=4, max_length=20)]

    @model_validator(mode="after")
    def _can_be_acknowledged(self) -> Self:
        if len(measures_of(self.sections)) > MOST_MEASURES:
            raise ValueError(f"a candidate can acknowledge {MOST_MEASURES} measures and not more")
        return self


class RetireMaterial(Command):
    """Show this preview to no new candidate."""

    model_config = example(material_id="0195b1c0-0000-7000-8000-0000000000e1")
    refused = if_unknown("material")
    material_id: UUID


MaterialCommand = PublishMaterial | RetireMaterial


@dataclass(frozen=True, slots=True)
class Missing:
    pass


@dataclass(frozen=True, slots=True)
class Published:
    version: int
    role_code: str
    sections: tuple[Section, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        return measures_of(self.sections)


@dataclass(frozen=True, slots=True)
class Retired:
    newest: Published


Material = Missing | Published | Retired


def stream_of(material_id: UUID) -> str:
    return f"onboarding.material-{material_id}"


def decide(command: MaterialCommand, material: Material, seen: Seen, asked: Asked) -> Sequence[MaterialEvent]:
    match command:
        case PublishMaterial():
            return _publish(command, material)
        case RetireMaterial():
            return _retire(command, material)
        case _:
            assert_never(command)


def _publish(command: PublishMaterial, material: Material) -> Sequence[MaterialEvent]:
    newest = newest_of(material)
    version = 1
    if newest is not None:
        if (newest.role_code, newest.sections) == (command.role_code, command.sections):
            return []
        version = newest.version + 1
    if isinstance(material, Retired):
        raise over("material")
    _refuse_embellished(command.sections)
    return [MaterialPublished(**dict(command), version=version)]


def _refuse_embellished(sections: Sequence[Section]) -> None:
    told = {section.topic for section in sections}
    if missing := [topic for topic in MUST_BE_TOLD if topic not in told]:
        raise Rejected("topic-missing", f"an honest preview tells these too: {', '.join(missing)}")
    if not any(section.measures for section in sections if section.topic == "measures"):
        raise Rejected("measures-missing", "the section on measures names at least one")


def _retire(command: RetireMaterial, material: Material) -> Sequence[MaterialEvent]:
    _known(material)
    return [] if isinstance(material, Retired) else [MaterialRetired(material_id=command.material_id)]


def newest_of(material: Material) -> Published | None:
    """The newest version, retired or not."""
    return None if isinstance(material, Missing) else _known(material)


def _known(material: Material) -> Published:
    match material:
        case Missing():
            raise unknown("material")
        case Published():
            return material
        case Retired():
            return material.newest
        case _:
            assert_never(material)


def evolve(material: Material, event: MaterialEvent) -> Material:
    assert isinstance(event, MaterialPublished) or not isinstance(material, Missing), (
        "a material begins with MaterialPublished"
    )
    match event:
        case MaterialPublished():
            return Published(event.version, event.role_code, event.sections)
        case MaterialRetired():
            return Retired(_known(material))
        case _:
            assert_never(event)


material: Decider[MaterialCommand, Material, MaterialEvent] = Decider(
    kind="material",
    commands=MaterialCommand,
    events=MaterialEvent,
    stream=lambda command: stream_of(command.material_id),
    initial=Missing(),
    decide=decide,
    evolve=evolve,
)
