"""What may be asked about the definition of a role."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from services.coaching.events.shapes import SCALES, Num, ScaleCode
from shared.core.decider import Command, example, if_unknown
from shared.core.types import Code, Percent, Text80, Text120, Text200, Text600, once

ROLE = "0195b1c0-0000-7000-8000-000000000f01"
PHASE = "0195b1c0-0000-7000-8000-000000000f02"
BEHAVIOUR = "0195b1c0-0000-7000-8000-000000000f03"


def _of_all_scales(weights: Mapping[ScaleCode, int]) -> Mapping[ScaleCode, int]:
    if missing := [scale for scale in SCALES if scale not in weights]:
        raise ValueError(f"weighs these too, if only with 0: {', '.join(missing)}")
    return weights


Weights = Annotated[Mapping[ScaleCode, Percent], AfterValidator(_of_all_scales)]


class StartRoleDefinition(Command):
    """Begin to work out what a good service person does in a role. It starts empty: no ready answer fits."""

    model_config = example(
        role_id=ROLE,
        role_code="agent",
        title="Agent in invoicing",
        experience_aim="The customer hangs up knowing that the matter is settled.",
    )
    refused = {"role-exists": "a role with this id was started with another code, title or aim"}
    role_id: UUID
    role_code: Code
    title: Text80
    experience_aim: Text600


class RecordWorkPhase(Command):
    """Record a phase of the work, the everyday ones and those beside it; other fields replace what was recorded.

    `error_effect` 5 spoils the customer's case; `observed` was seen at work, not only told.
    """

    model_config = example(
        role_id=ROLE,
        phase_id=PHASE,
        title="Calls back a customer who waits for an answer",
        core=False,
        times_per_week=5,
        error_effect=4,
        scales=["service-mindedness"],
        observed=True,
    )
    refused = if_unknown("role")
    role_id: UUID
    phase_id: UUID
    title: Text120
    core: bool
    times_per_week: Annotated[Num, Field(ge=Decimal("0.1"), le=2000)]
    error_effect: Annotated[int, Field(ge=1, le=5)]
    scales: Annotated[tuple[ScaleCode, ...], Field(min_length=1, max_length=6), once()]
    observed: bool


class RemoveWorkPhase(Command):
    """Take a phase out of the analysis."""

    model_config = example(role_id=ROLE, phase_id=PHASE)
    refused = if_unknown("role")
    role_id: UUID
    phase_id: UUID


class ContributeView(Command):
    """Tell how the work looks to one who does it or leads it, of one phase or of the whole."""

    model_config = example(
        role_id=ROLE,
        view_id="0195b1c0-0000-7000-8000-000000000f04",
        text="The hard part is to call when the answer is not the one they hope for.",
        phase_id=PHASE,
    )
    refused = if_unknown("role")
    role_id: UUID
    view_id: UUID
    text: Text600
    phase_id: UUID | None = None


class DefineBehaviour(Command):
    """Name an act by which good service is seen on a scale; other fields replace what was named."""

    model_config = example(
        role_id=ROLE,
        behaviour_id=BEHAVIOUR,
        scale="service-mindedness",
        statement="Lets the customer finish before answering.",
        critical=True,
    )
    refused = if_unknown("role") | {"too-many-behaviours": "the scale has as many behaviours as it may"}
    role_id: UUID
    behaviour_id: UUID
    scale: ScaleCode
    statement: Annotated[str, Field(min_length=15, max_length=200)]
    critical: bool = False


class RemoveBehaviour(Command):
    """No longer look for an act."""

    model_config = example(role_id=ROLE, behaviour_id=BEHAVIOUR)
    refused = if_unknown("role")
    role_id: UUID
    behaviour_id: UUID


class WeightScales(Command):
    """Decide how much each scale counts. Who departs from what the phases suggest says why."""

    model_config = example(
        role_id=ROLE,
        weights={
            "carefulness": 0,
            "sales-confidence": 0,
            "service-mindedness": 100,
            "social-confidence": 0,
            "stress-tolerance": 0,
            "integrity": 0,
        },
        rationale="As the phases suggest; the other scales wait until we have listened for two weeks more.",
    )
    refused = if_unknown("role") | {
        "phases-missing": "weights follow from the phases of the work: record some first",
        "rationale-short": "a weight that differs from the suggested one is to be explained in more words",
        "weights-not-100": "the weights do not come to 100",
    }
    role_id: UUID
    weights: Weights
    rationale: Text600


class PublishRole(Command):
    """Make the analysis a version to evaluate with. Evaluations keep the version they were made with."""

    model_config = example(role_id=ROLE, note="First version, after two weeks of listening.")
    refused = if_unknown("role") | {
        "behaviour-missing": "a scale that counts has no behaviour by which it is seen",
        "side-phases-missing": "the work has phases beside its core; some of them are recorded too",
        "unobserved": "at least half of the phases have been seen at work, not only told of",
        "weights-missing": "the scales are to be weighted first",
    }
    role_id: UUID
    note: Text200


RoleCommand = (
    StartRoleDefinition
    | RecordWorkPhase
    | RemoveWorkPhase
    | ContributeView
    | DefineBehaviour
    | RemoveBehaviour
    | WeightScales
    | PublishRole
)
