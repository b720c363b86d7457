"""Plan templates: what an onboarding consists of, drafted and published in versions."""

from uuid import UUID

from services.onboarding.events.shapes import KitItem, Stage
from shared.core.event import Event


class TemplateDrafted(Event, name="onboarding.template-drafted"):
    """The draft of a plan template has these contents, in place of the draft before."""

    template_id: UUID
    name: str
    role_code: str
    final_goal: str
    kit: tuple[KitItem, ...]
    stages: tuple[Stage, ...]


class TemplatePublished(Event, name="onboarding.template-published"):
    """A version of the template may be started with; it never changes."""

    template_id: UUID
    version: int
    name: str
    role_code: str
    final_goal: str
    kit: tuple[KitItem, ...]
    stages: tuple[Stage, ...]
    note: str


class TemplateRetired(Event, name="onboarding.template-retired"):
    """No new journey starts with this template."""

    template_id: UUID


TemplateEvent = TemplateDrafted | TemplatePublished | TemplateRetired
