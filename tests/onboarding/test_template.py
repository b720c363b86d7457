"""A plan template is drafted freely and published only when a hire can follow it to the end."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.onboarding.deciders.template import (
    DraftTemplate,
    PublishTemplate,
    RetireTemplate,
    TemplateCommand,
    template,
)
from services.onboarding.events.shapes import Check, KitItem, Question, Requirement, Stage
from services.onboarding.events.template import TemplateDrafted, TemplatePublished, TemplateRetired
from shared.testing.scenario import Scenario

TEMPLATE = UUID(int=1)
given = Scenario(template).given

HEADSET = KitItem(code="headset", kind="device", title="Headset", needed_by_day=0)
FIRST = Requirement(code="first", kind="first-contact", count=1, focus="Somebody sits beside.")
MONITOR = Requirement(code="listen", kind="monitor", count=2, focus="Greets, asks, sums up.")
COACH = Requirement(code="coach", kind="coach", count=1, focus="One thing at a time.")
SIGN_OFF = Requirement(code="sign-off", kind="sign-off", count=1, focus="Solves it alone.")
CONFIDENT = Question(code="q1", topic="systems", text="I find a customer.", max_points=5)
SURVEY = Check(code="confidence", kind="survey", retake="free", questions=(CONFIDENT,))
EXAM = Check(code="systems", kind="exam", pass_mark=80, retake="after-coaching", questions=(CONFIDENT,))

BASICS = Stage(
    code="basics",
    title="Basics",
    goal="Changes customer data with support.",
    topics=("business", "systems"),
    target_days=2,
    supported=("data-change",),
    unlocks=(),
    first_contact_by_day=2,
    requirements=(FIRST, MONITOR),
    checks=(SURVEY,),
)
BILLING = Stage(
    code="billing",
    title="Billing",
    goal="Explains an invoice.",
    topics=("billing",),
    target_days=10,
    supported=("data-change", "billing"),
    unlocks=("data-change", "billing"),
    requirements=(COACH, SIGN_OFF),
    checks=(EXAM,),
)


def changed(stage: Stage, **fields: Any) -> Stage:
    return Stage(**(dict(stage) | fields))


def draft(*stages: Stage, kit: tuple[KitItem, ...] = (HEADSET,)) -> DraftTemplate:
    return DraftTemplate(
        template_id=TEMPLATE, name="Agent", role_code="agent", final_goal="Solves it alone.", kit=kit, stages=stages
    )


def drafted_with(*stages: Stage) -> TemplateDrafted:
    return TemplateDrafted(**dict(draft(*stages)))


publish = PublishTemplate(template_id=TEMPLATE, note="The first one.")
retire = RetireTemplate(template_id=TEMPLATE)

drafted = drafted_with(BASICS, BILLING)
published = TemplatePublished(**dict(drafted), version=1, note="The first one.")
redrafted = drafted_with(BASICS, changed(BILLING, target_days=8))
retired = TemplateRetired(template_id=TEMPLATE)


def test_a_template_is_drafted() -> None:
    given().when(draft(BASICS, BILLING)).then(drafted)


def test_its_stream_is_named_after_it() -> None:
    assert template.stream(publish) == f"onboarding.template-{TEMPLATE}"


def test_a_draft_may_be_unfinished_and_without_a_kit() -> None:
    bare = draft(changed(BASICS, requirements=(), checks=()), kit=())
    given().when(bare).then(TemplateDrafted(**dict(bare)))


def test_the_same_draft_again_changes_nothing() -> None:
    given(drafted).when(draft(BASICS, BILLING)).then_nothing()
    given(drafted, published).when(draft(BASICS, BILLING)).then_nothing()
    given(drafted, retired).when(draft(BASICS, BILLING)).then_nothing()
    given(drafted, published, retired).when(draft(BASICS, BILLING)).then_nothing()


def test_a_draft_replaces_the_one_before() -> None:
    given(drafted).when(draft(BASICS)).then(drafted_with(BASICS))
    given(drafted, published, redrafted).when(draft(BASICS, BILLING)).then(drafted)


REPEATED: dict[str, DraftTemplate] = {
    "stages": draft(BASICS, changed(BILLING, code="basics")),
    "kit items": draft(BASICS, kit=(HEADSET, HEADSET)),
    "requirements": draft(changed(BASICS, requirements=(MONITOR, MONITOR))),
    "a requirement and a check": draft(changed(BASICS, checks=(SURVEY.model_copy(update={"code": "first"}),))),
    "checks": draft(changed(BASICS, checks=(SURVEY, SURVEY))),
    "questions": draft(changed(BASICS, checks=(SURVEY.model_copy(update={"questions": (CONFIDENT, CONFIDENT)}),))),
    "topics": draft(changed(BASICS, topics=("systems", "systems"))),
    "supported": draft(changed(BASICS, supported=("billing", "billing"))),
    "unlocks": draft(changed(BASICS, unlocks=("billing", "billing"))),
}


@pytest.mark.parametrize("command", REPEATED.values(), ids=REPEATED)
def test_codes_are_not_repeated(command: DraftTemplate) -> None:
    given().when(command).then_rejected("code-repeated")
    given(drafted, published).when(command).then_rejected("code-repeated")


def test_a_survey_asks_for_confidence_from_1_to_5() -> None:
    with pytest.raises(ValidationError, match="1 to 5"):
        Check(**(dict(SURVEY) | {"questions": (CONFIDENT.model_copy(update={"max_points": 4}),)}))
    Check(**(dict(EXAM) | {"questions": (CONFIDENT.model_copy(update={"max_points": 4}),)}))


def test_the_draft_is_published_as_version_1() -> None:
    given(drafted).when(publish).then(published)


def test_a_newer_draft_is_published_as_the_next_version() -> None:
    given(drafted, published, redrafted).when(publish).then(
        TemplatePublished(**dict(redrafted), version=2, note="The first one.")
    )


def test_without_a_newer_draft_there_is_nothing_to_publish() -> None:
    given(drafted, published).when(publish).then_nothing()
    given(drafted, published).when(publish.model_copy(update={"note": "Again."})).then_nothing()
    given(drafted, published, retired).when(publish).then_nothing()


def test_a_draft_taken_back_to_what_is_published_is_not_newer() -> None:
    given(drafted, published, redrafted, drafted).when(publish).then_nothing()


UNFIT: dict[str, tuple[str, tuple[Stage, ...]]] = {
    "nothing to verify": ("stage-unverified", (BASICS, changed(BILLING, requirements=(), checks=()))),
    "exam without a pass mark": (
        "pass-mark-missing",
        (BASICS, changed(BILLING, checks=(EXAM.model_copy(update={"pass_mark": None}),))),
    ),
    "contacts without monitoring or coaching": ("monitoring-missing", (changed(BASICS, requirements=(FIRST,)),)),
    "unlocked by two stages": ("unlock-repeated", (changed(BASICS, unlocks=("billing",)), BILLING)),
    "two sign-offs": (
        "count-not-one",
        (BASICS, changed(BILLING, requirements=(COACH, SIGN_OFF, SIGN_OFF.model_copy(update={"code": "two"})))),
    ),
    "a sign-off counted twice": (
        "count-not-one",
        (BASICS, changed(BILLING, requirements=(COACH, SIGN_OFF.model_copy(update={"count": 2})))),
    ),
    "two first contacts": (
        "count-not-one",
        (changed(BASICS, requirements=(MONITOR, FIRST, FIRST.model_copy(update={"code": "two"}))),),
    ),
    "a first contact counted twice": (
        "count-not-one",
        (changed(BASICS, requirements=(MONITOR, FIRST.model_copy(update={"count": 2}))),),
    ),
    "a first contact before any is open": (
        "no-contact-open",
        (changed(BASICS, supported=(), first_contact_by_day=None), BILLING),
    ),
    "a date for it before any is open": (
        "no-contact-open",
        (changed(BASICS, supported=(), requirements=(MONITOR,)), BILLING),
    ),
    "a first contact where none can be taken any more": (
        "no-contact-open",
        (BASICS, changed(BILLING, supported=(), requirements=(FIRST,))),
    ),
    "a first contact after its stage": ("late-first-contact", (changed(BASICS, first_contact_by_day=3), BILLING)),
    "a first contact after the second stage": (
        "late-first-contact",
        (BASICS, changed(BILLING, first_contact_by_day=13)),
    ),
}


@pytest.mark.parametrize(("code", "stages"), UNFIT.values(), ids=UNFIT)
def test_a_plan_that_cannot_be_followed_is_not_published(code: str, stages: tuple[Stage, ...]) -> None:
    given(drafted_with(*stages)).when(publish).then_rejected(code)
    given(drafted, published, drafted_with(*stages)).when(publish).then_rejected(code)


FIT: dict[str, tuple[Stage, ...]] = {
    "coached instead of monitored": (changed(BASICS, requirements=(FIRST, COACH)), BILLING),
    "verified by a check alone": (changed(BASICS, supported=(), first_contact_by_day=None, requirements=()), BILLING),
    "verified by a requirement alone": (changed(BASICS, checks=()), BILLING),
    "first contact with what an earlier stage unlocked": (
        changed(BASICS, unlocks=("sales",)),
        changed(BILLING, supported=(), requirements=(FIRST,)),
    ),
    "first contact on the last day of the second stage": (BASICS, changed(BILLING, first_contact_by_day=12)),
}


@pytest.mark.parametrize("stages", FIT.values(), ids=FIT)
def test_a_plan_that_can_be_followed_is_published(stages: tuple[Stage, ...]) -> None:
    given(drafted_with(*stages)).when(publish).then(
        TemplatePublished(**dict(drafted_with(*stages)), version=1, note="The first one.")
    )


@pytest.mark.parametrize("before", [(drafted,), (drafted, published)], ids=["drafted", "published"])
def test_a_template_is_retired(before: tuple[TemplateDrafted, ...]) -> None:
    given(*before).when(retire).then(retired)


def test_retiring_it_again_changes_nothing() -> None:
    given(drafted, published, retired).when(retire).then_nothing()


@pytest.mark.parametrize("command", [publish, retire], ids=["publish", "retire"])
def test_a_template_that_was_never_drafted_is_unknown(command: TemplateCommand) -> None:
    given().when(command).then_rejected("unknown-template")


def test_nothing_new_happens_to_a_retired_template() -> None:
    given(drafted, published, retired).when(draft(BASICS)).then_rejected("template-over")
    given(drafted, retired).when(publish).then_rejected("template-over")
    given(drafted, published, redrafted, retired).when(publish).then_rejected("template-over")
