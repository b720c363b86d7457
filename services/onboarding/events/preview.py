"""The honest preview of a job: its material, and who has gone through it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.onboarding.events.shapes import Section
from shared.core.event import Event, Personal


class MaterialPublished(Event, name="onboarding.material-published"):
    """A version of the preview of a role may be shown to candidates."""

    material_id: UUID
    version: int
    role_code: str
    sections: tuple[Section, ...]


class MaterialRetired(Event, name="onboarding.material-retired"):
    """The preview is shown to no new candidate."""

    material_id: UUID


MaterialEvent = MaterialPublished | MaterialRetired


class PreviewShown(Event, name="onboarding.preview-shown"):
    """A candidate has been shown a version of the preview, with these measures."""

    candidate_id: UUID
    material_id: UUID
    version: int
    role_code: str
    measures: tuple[str, ...]
    shown_on: date


class PreviewAcknowledged(Event, name="onboarding.preview-acknowledged"):
    """The candidate has gone through every measure of the shown version and its reason."""

    candidate_id: UUID
    version: int
    understood: tuple[str, ...]
    questions: Annotated[str | None, Personal("candidate_id")] = None


class CandidateWithdrew(Event, name="onboarding.candidate-withdrew"):
    """The candidate goes no further, or was not chosen."""

    candidate_id: UUID
    reason: str


PreviewEvent = PreviewShown | PreviewAcknowledged | CandidateWithdrew
