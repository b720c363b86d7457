"""What may be asked about an evaluation of somebody's contacts."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.core.decider import Command, example, if_over, if_unknown
from shared.core.event import Personal, Shape
from shared.core.types import Day, Text60, Text600, Text1000, once

EVALUATION = "0195b1c0-0000-7000-8000-000000000e11"
AINO = "0195b1c0-0000-7000-8000-000000000001"
BEHAVIOUR = "0195b1c0-0000-7000-8000-000000000f03"
MOST_BEHAVIOURS = 48
NO_EVALUATION = if_unknown("evaluation") | if_over("evaluation")


class Sighting(Shape):
    """How far a behaviour was agreed to be seen; null: there was no occasion to see it."""

    behaviour_id: UUID
    agree: Annotated[int, Field(ge=1, le=5)] | None = None


class RecordEvaluation(Command):
    """Record how far the behaviours of a role were seen in somebody's contacts. What was not seen lowers no score.

    `contacts` are references, without data of customers.
    """

    model_config = example(
        evaluation_id=EVALUATION,
        subject="employee",
        subject_id=AINO,
        team_id="0195b1c0-0000-7000-8000-0000000000b1",
        role_id="0195b1c0-0000-7000-8000-000000000f01",
        purpose="onboarding",
        occasion="side-by-side",
        contacts=["2027-02-26/14:05"],
        answers=[{"behaviour_id": BEHAVIOUR, "agree": 4}],
        observed_on="2027-02-26",
        note="Greets warmly; the search still takes all attention.",
    )
    refused = {
        "behaviour-unknown": "a behaviour is named that is not evaluated here",
        "consent-missing": "candidates are evaluated, and people selected by it, with their consent only",
        "evaluation-exists": "an evaluation with this id was recorded with other contents",
        "in-the-future": "the contacts have not been observed yet",
        "nothing-seen": "no behaviour that counts was seen: there is nothing to score",
        "role-unpublished": "there is no published definition of this role to evaluate with",
        "self-only": "a self-evaluation is made by oneself, and every other one by somebody else",
    }
    evaluation_id: UUID
    subject: Literal["employee", "candidate"]
    subject_id: UUID
    team_id: UUID | None = None
    role_id: UUID
    purpose: Literal["development", "onboarding", "selection", "calibration", "self"]
    occasion: Literal["sample", "side-by-side", "complaint", "thanks", "interview"]
    cause: Literal["behaviour", "product", "service", "process", "none"] = "none"
    contacts: Annotated[tuple[Text60, ...], Field(max_length=20)]
    answers: Annotated[tuple[Sighting, ...], Field(min_length=1, max_length=MOST_BEHAVIOURS), once("behaviour_id")]
    observed_on: Day
    note: Annotated[Text1000 | None, Personal("subject_id")] = None
    consent: bool = False


class AppealEvaluation(Command):
    """Tell which behaviours one sees otherwise, within 30 days; asked anew before it is settled, it replaces that."""

    model_config = example(
        evaluation_id=EVALUATION, behaviours=[BEHAVIOUR], reason="The customer had asked me to wait."
    )
    refused = NO_EVALUATION | {
        "already-settled": "the appeal was settled, and is not opened again",
        "appeal-too-late": "an evaluation is appealed within 30 days",
        "behaviour-unknown": "a behaviour is named that is not evaluated here",
        "not-the-subject": "only who was evaluated appeals",
    }
    evaluation_id: UUID
    behaviours: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_BEHAVIOURS), once()]
    reason: Text600


class SettleAppeal(Command):
    """Look again, as somebody else than the evaluator: keep the score, or change the answers that were wrong."""

    model_config = example(
        evaluation_id=EVALUATION,
        outcome="changed",
        answers=[{"behaviour_id": BEHAVIOUR, "agree": 5}],
        reason="The recording shows it.",
    )
    refused = NO_EVALUATION | {
        "behaviour-unknown": "a behaviour is named that is not evaluated here",
        "not-appealed": "there is no open appeal to settle",
        "nothing-changed": "no answer is another one than before",
        "nothing-seen": "no behaviour that counts was seen: there is nothing to score",
        "own-appeal": "nobody settles an appeal of their own",
        "same-evaluator": "somebody else than the evaluator looks again",
    }
    evaluation_id: UUID
    outcome: Literal["kept", "changed"]
    answers: Annotated[tuple[Sighting, ...], Field(max_length=MOST_BEHAVIOURS), once("behaviour_id")] = ()
    reason: Text600


class VoidEvaluation(Command):
    """Take back an evaluation that was recorded by mistake. A trainer names the evaluator, who is themselves."""

    model_config = example(evaluation_id=EVALUATION, reason="These were somebody else's contacts.")
    refused = NO_EVALUATION | {
        "not-the-evaluator": "somebody else recorded this evaluation",
        "own-evaluation": "nobody takes back what another has recorded about them",
    }
    evaluation_id: UUID
    evaluator_id: UUID | None = None
    reason: Annotated[str, Field(min_length=10, max_length=300)]


EvaluationCommand = RecordEvaluation | AppealEvaluation | SettleAppeal | VoidEvaluation
