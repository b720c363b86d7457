"""The honest preview, for one candidate: shown, gone through measure by measure, or withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, assert_never
from uuid import UUID

from pydantic import Field

from services.onboarding.deciders.material import Published, material, newest_of
from services.onboarding.deciders.material import stream_of as material_stream
from services.onboarding.events.preview import CandidateWithdrew, PreviewAcknowledged, PreviewEvent, PreviewShown
from shared.core.decider import (
    Asked,
    Command,
    Decider,
    Look,
    LookUps,
    Rejected,
    Seen,
    example,
    if_over,
    if_unknown,
    over,
    unknown,
)
from shared.core.event import Personal
from shared.core.types import Code, Day, Text1000

NO_PREVIEW = if_unknown("preview") | if_over("preview")


class ShowPreview(Command):
    """Show a candidate the newest version of a preview; a newer version is shown again."""

    model_config = example(
        candidate_id="0195b1c0-0000-7000-8000-0000000000c1",
        material_id="0195b1c0-0000-7000-8000-0000000000e1",
        shown_on="2027-02-12",
    )
    refused = if_over("preview") | {
        "in-the-future": "the preview has not been shown yet",
        "material-unpublished": "there is no such preview, or it is shown no more",
    }
    candidate_id: UUID
    material_id: UUID
    shown_on: Day


class AcknowledgePreview(Command):
    """Tell that the preview was gone through: every measure of the shown version is understood."""

    model_config = example(
        candidate_id="0195b1c0-0000-7000-8000-0000000000c1",
        understood=["on-time"],
        questions="Who sits beside me on the first days?",
    )
    refused = NO_PREVIEW | {"measures-not-covered": "a measure of the job is still to be gone through"}
    candidate_id: UUID
    understood: Annotated[tuple[Code, ...], Field(min_length=1, max_length=20)]
    questions: Annotated[Text1000 | None, Personal("candidate_id")] = None


class WithdrawCandidate(Command):
    """Tell that the candidate goes no further, or was not chosen."""

    model_config = example(candidate_id="0195b1c0-0000-7000-8000-0000000000c1", reason="not-for-me")
    refused = NO_PREVIEW
    candidate_id: UUID
    reason: Literal["not-for-me", "other-job", "not-chosen", "other"]


PreviewCommand = ShowPreview | AcknowledgePreview | WithdrawCandidate


@dataclass(frozen=True, slots=True)
class Unseen:
    pass


@dataclass(frozen=True, slots=True)
class Shown:
    material_id: UUID
    version: int
    role_code: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    shown: Shown
    understood: tuple[str, ...]
    questions: str | None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    preview: Shown | Acknowledged
    reason: str


Preview = Unseen | Shown | Acknowledged | Withdrawn


def stream_of(candidate_id: UUID) -> str:
    return f"onboarding.preview-{candidate_id}"


def look_ups(command: PreviewCommand, preview: Preview) -> LookUps:
    match command:
        case ShowPreview():
            return {"material": Look(material, material_stream(command.material_id))}
        case AcknowledgePreview() | WithdrawCandidate():
            return {}
        case _:
            assert_never(command)


def decide(command: PreviewCommand, preview: Preview, seen: Seen, asked: Asked) -> Sequence[PreviewEvent]:
    match command:
        case ShowPreview():
            return _show(command, preview, seen, asked)
        case AcknowledgePreview():
            return _acknowledge(command, preview)
        case WithdrawCandidate():
            return _withdraw(command, preview)
        case _:
            assert_never(command)


def _show(command: ShowPreview, preview: Preview, seen: Seen, asked: Asked) -> Sequence[PreviewEvent]:
    newest = newest_of(seen.material)
    if newest is not None and _is_shown(command.material_id, newest.version, preview):
        return []
    _refuse_withdrawn(preview)
    if newest is None or not isinstance(seen.material, Published):
        raise Rejected("material-unpublished", "there is no such preview, or it is shown no more")
    if command.shown_on > asked.day:
        raise Rejected("in-the-future", "the preview has not been shown yet")
    return [PreviewShown(**dict(command), version=newest.version, role_code=newest.role_code, measures=newest.measures)]


def _is_shown(material_id: UUID, version: int, preview: Preview) -> bool:
    if isinstance(preview, Unseen):
        return False
    shown = _shown(preview)
    return (shown.material_id, shown.version) == (material_id, version)


def _acknowledge(command: AcknowledgePreview, preview: Preview) -> Sequence[PreviewEvent]:
    shown = _shown(preview)
    acknowledged = Acknowledged(shown, command.understood, command.questions)
    if acknowledged == _present(preview):
        return []
    _refuse_withdrawn(preview)
    if open_ones := [measure for measure in shown.measures if measure not in command.understood]:
        raise Rejected("measures-not-covered", f"these are still to be gone through: {', '.join(open_ones)}")
    return [PreviewAcknowledged(**dict(command), version=shown.version)]


def _withdraw(command: WithdrawCandidate, preview: Preview) -> Sequence[PreviewEvent]:
    _shown(preview)
    if isinstance(preview, Withdrawn) and preview.reason == command.reason:
        return []
    _refuse_withdrawn(preview)
    return [CandidateWithdrew(**dict(command))]


def _present(preview: Preview) -> Shown | Acknowledged:
    """Where the candidate is, or was when withdrawing."""
    match preview:
        case Unseen():
            raise unknown("preview")
        case Shown() | Acknowledged():
            return preview
        case Withdrawn():
            return preview.preview
        case _:
            assert_never(preview)


def _shown(preview: Preview) -> Shown:
    present = _present(preview)
    return present.shown if isinstance(present, Acknowledged) else present


def _refuse_withdrawn(preview: Preview) -> None:
    if isinstance(preview, Withdrawn):
        raise over("preview")


def evolve(preview: Preview, event: PreviewEvent) -> Preview:
    match event:
        case PreviewShown():
            return Shown(event.material_id, event.version, event.role_code, event.measures)
        case PreviewAcknowledged():
            return Acknowledged(_shown(preview), event.understood, event.questions)
        case CandidateWithdrew():
            return Withdrawn(_present(preview), event.reason)
        case _:
            assert_never(event)


preview: Decider[PreviewCommand, Preview, PreviewEvent] = Decider(
    kind="preview",
    commands=PreviewCommand,
    events=PreviewEvent,
    stream=lambda command: stream_of(command.candidate_id),
    initial=Unseen(),
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)
