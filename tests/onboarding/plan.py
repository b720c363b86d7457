"""Who, when, and the plan that Aino is onboarded by: three stages."""

from datetime import date, datetime, timedelta, timezone
from typing import Any, TypeVar
from uuid import UUID

from services.onboarding.events.shapes import Check, KitItem, Question, Requirement, Stage
from services.onboarding.events.template import TemplateDrafted, TemplatePublished
from shared.core.decider import Command

C = TypeVar("C", bound=Command)

WINTER = timezone(timedelta(hours=2))

AINO, SANNA, TUULA, HANNA = (UUID(int=number) for number in range(1, 5))
TEAM, OTHER_TEAM, TEMPLATE, CANDIDATE = (UUID(int=number) for number in range(11, 15))
CONTACT, LISTENED, HEARD_AGAIN, HEARD_THIRD = (UUID(int=number) for number in range(21, 25))
SESSION, NEXT_SESSION, SURVEY, EXAM, RETAKE = (UUID(int=number) for number in range(31, 36))

MONDAY = date(2027, 3, 8)
TUESDAY = date(2027, 3, 9)


def changed(command: C, **fields: Any) -> C:
    """The same command with other fields, checked anew."""
    return type(command)(**dict(command) | fields)


def at(day: int, hour: int = 9, month: int = 3) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=WINTER)


first_contact = Requirement(code="own-contact", kind="first-contact", count=1, focus="Somebody sits beside.")
listen = Requirement(code="listen", kind="monitor", count=1, focus="Greets, asks, sums up.")
listen_twice = Requirement(code="listen-twice", kind="monitor", count=2, focus="Finds the matter behind the question.")
talk = Requirement(code="talk", kind="coach", count=1, focus="The search.")
sign_off = Requirement(code="sign-off", kind="sign-off", count=1, focus="Serves basic enquiries alone.")

confidence = Check(
    code="confidence",
    kind="survey",
    retake="free",
    questions=(
        Question(code="how-sure", topic="systems", text="I find a customer.", max_points=5),
        Question(code="how-calm", topic="talking", text="I know how to begin.", max_points=5),
    ),
)
systems = Check(
    code="systems",
    kind="exam",
    pass_mark=80,
    retake="after-coaching",
    questions=(
        Question(code="find", topic="crm-search", text="Find the customer.", max_points=10),
        Question(code="change", topic="crm-search", text="Change the address.", max_points=10),
        Question(code="note", topic="contact-notes", text="Write the note.", max_points=5),
    ),
)

basics = Stage(
    code="basics",
    title="Basics",
    goal="Changes customer data with support.",
    topics=("business", "systems"),
    target_days=2,
    supported=("data-change",),
    unlocks=(),
    first_contact_by_day=2,
    requirements=(first_contact, listen),
    checks=(confidence,),
)
first_response = Stage(
    code="first-response",
    title="First response",
    goal="Serves basic enquiries alone.",
    topics=("service-skills",),
    target_days=10,
    supported=("data-change", "basic-enquiry"),
    unlocks=("data-change", "basic-enquiry"),
    requirements=(listen_twice, talk, sign_off),
    checks=(systems,),
)
billing = Stage(
    code="billing",
    title="Billing",
    goal="Serves billing alone.",
    topics=("billing",),
    target_days=10,
    supported=("billing",),
    unlocks=("billing",),
    requirements=(talk, sign_off),
    checks=(),
)
KIT = (
    KitItem(code="headset", kind="device", title="Headset", needed_by_day=0),
    KitItem(code="gift", kind="gift", title="A mug", needed_by_day=0),
    KitItem(code="badge", kind="badge", title="Badge", needed_by_day=3),
)
GOAL = "Serves data changes, basic enquiries and billing alone."

template_drafted = TemplateDrafted(
    template_id=TEMPLATE,
    name="Tampere agent",
    role_code="agent",
    final_goal=GOAL,
    kit=KIT,
    stages=(basics, first_response, billing),
)
template_published = TemplatePublished(**dict(template_drafted), version=1, note="First version.")
