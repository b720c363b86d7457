"""A plan template: drafted freely, published in versions that can be followed, retired."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import Field

from services.onboarding.deciders.template.soundness import refuse_repeated_codes, refuse_unfit
from services.onboarding.events.shapes import KitItem, Stage
from services.onboarding.events.template import TemplateDrafted, TemplateEvent, TemplatePublished, TemplateRetired
from shared.core.decider import Asked, Command, Decider, Seen, example, if_over, if_unknown, over, unknown
from shared.core.types import Code, Text80, Text200, Text400


class DraftTemplate(Command):
    """Write a plan template; this replaces the whole draft, and nobody is started with it before it is published."""

    model_config = example(
        template_id="0195b1c0-0000-7000-8000-0000000000a1",
        name="Tampere agent",
        role_code="agent",
        final_goal="Solves invoicing and order contacts alone, and knows whom to ask.",
        kit=[{"code": "headset", "kind": "device", "title": "Headset", "needed_by_day": 0}],
        stages=[
            {
                "code": "basics",
                "title": "Basics",
                "goal": "Changes customer data with support.",
                "topics": ["business", "systems"],
                "target_days": 5,
                "supported": ["data-change"],
                "unlocks": ["data-change"],
                "first_contact_by_day": 2,
                "requirements": [
                    {"code": "first", "kind": "first-contact", "count": 1, "focus": "Somebody sits beside."},
                    {"code": "listen", "kind": "monitor", "count": 1, "focus": "Greets, asks, sums up."},
                ],
                "checks": [
                    {
                        "code": "confidence",
                        "kind": "survey",
                        "retake": "free",
                        "questions": [
                            {
                                "code": "find-customer",
                                "topic": "systems",
                                "text": "I find a customer.",
                                "max_points": 5,
                            }
                        ],
                    }
                ],
            },
            {
                "code": "first-response",
                "title": "First response",
                "goal": "Answers basic enquiries alone.",
                "topics": ["customers"],
                "target_days": 10,
                "supported": ["basic-enquiry"],
                "unlocks": ["basic-enquiry"],
                "requirements": [
                    {"code": "talk", "kind": "coach", "count": 1, "focus": "The search, while the customer waits."},
                    {"code": "alone", "kind": "sign-off", "count": 1, "focus": "Two contacts without help."},
                ],
                "checks": [],
            },
        ],
    )
    refused = if_over("template") | {"code-repeated": "a code stands more than once"}
    template_id: UUID
    name: Text80
    role_code: Code
    final_goal: Text400
    kit: Annotated[tuple[KitItem, ...], Field(max_length=30)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=12)]


class PublishTemplate(Command):
    """Make the draft a version that journeys start with. A journey keeps the version it started with."""

    model_config = example(template_id="0195b1c0-0000-7000-8000-0000000000a1", note="First version.")
    refused = (
        if_unknown("template")
        | if_over("template")
        | {
            "count-not-one": "a stage has two of what it has one of at most",
            "late-first-contact": "a stage is over before the first contact",
            "monitoring-missing": "contacts are taken in a stage, but nobody monitors or coaches",
            "no-contact-open": "a stage asks for contacts, and no type of contact is open in it yet",
            "pass-mark-missing": "an exam has no pass mark",
            "stage-unverified": "a stage has no check and no requirement",
            "unlock-repeated": "two stages unlock the same type of contact",
        }
    )
    template_id: UUID
    note: Text200


class RetireTemplate(Command):
    """Start no new journey with this template."""

    model_config = example(template_id="0195b1c0-0000-7000-8000-0000000000a1")
    refused = if_unknown("template")
    template_id: UUID


TemplateCommand = DraftTemplate | PublishTemplate | RetireTemplate


@dataclass(frozen=True, slots=True)
class Missing:
    pass


@dataclass(frozen=True, slots=True)
class Drafted:
    """Never published."""

    draft: TemplateDrafted


@dataclass(frozen=True, slots=True)
class Published:
    """`newest` is what journeys start with; the draft differs from it when something newer was drafted."""

    newest: TemplatePublished
    draft: TemplateDrafted
    newer_draft: bool = False


@dataclass(frozen=True, slots=True)
class Retired:
    template: Drafted | Published


Template = Missing | Drafted | Published | Retired


def stream_of(template_id: UUID) -> str:
    return f"onboarding.template-{template_id}"


def decide(command: TemplateCommand, template: Template, seen: Seen, asked: Asked) -> Sequence[TemplateEvent]:
    match command:
        case DraftTemplate():
            return _draft(command, template)
        case PublishTemplate():
            return _publish(command, template)
        case RetireTemplate():
            return _retire(command, template)
        case _:
            assert_never(command)


def _draft(command: DraftTemplate, template: Template) -> Sequence[TemplateEvent]:
    drafted = TemplateDrafted(**dict(command))
    if not isinstance(template, Missing) and _known(template).draft == drafted:
        return []
    _refuse_retired(template)
    refuse_repeated_codes(drafted.kit, drafted.stages)
    return [drafted]


def _publish(command: PublishTemplate, template: Template) -> Sequence[TemplateEvent]:
    known = _known(template)
    if isinstance(known, Published) and not known.newer_draft:
        return []
    _refuse_retired(template)
    refuse_unfit(known.draft.stages)
    version = known.newest.version + 1 if isinstance(known, Published) else 1
    return [TemplatePublished(**dict(known.draft), version=version, note=command.note)]


def _retire(command: RetireTemplate, template: Template) -> Sequence[TemplateEvent]:
    _known(template)
    return [] if isinstance(template, Retired) else [TemplateRetired(template_id=command.template_id)]


def _known(template: Template) -> Drafted | Published:
    match template:
        case Missing():
            raise unknown("template")
        case Drafted() | Published():
            return template
        case Retired():
            return template.template
        case _:
            assert_never(template)


def _refuse_retired(template: Template) -> None:
    if isinstance(template, Retired):
        raise over("template")


def evolve(template: Template, event: TemplateEvent) -> Template:
    assert isinstance(event, TemplateDrafted) or not isinstance(template, Missing), (
        "a template begins with TemplateDrafted"
    )
    match event:
        case TemplateDrafted():
            if isinstance(template, Published):
                return Published(template.newest, event, newer_draft=not _same(event, template.newest))
            return Drafted(event)
        case TemplatePublished():
            return Published(event, _known(template).draft)
        case TemplateRetired():
            return Retired(_known(template))
        case _:
            assert_never(event)


def _same(drafted: TemplateDrafted, published: TemplatePublished) -> bool:
    return all(getattr(published, field) == value for field, value in drafted)


template: Decider[TemplateCommand, Template, TemplateEvent] = Decider(
    kind="template",
    commands=TemplateCommand,
    events=TemplateEvent,
    stream=lambda command: stream_of(command.template_id),
    initial=Missing(),
    decide=decide,
    evolve=evolve,
)
