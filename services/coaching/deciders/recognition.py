"""A recognition: somebody is thanked, and rewarded perhaps. A reward always stands on words that say what for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, assert_never
from uuid import UUID

from pydantic import Field

from services.coaching.events.recognition import RecognitionEvent, RecognitionGiven, RewardGranted
from shared.core.decider import Asked, Command, Decider, Rejected, Seen, example, if_unknown, unknown
from shared.core.event import Personal
from shared.core.types import Text200, Text800

RECOGNITION = "0195b1c0-0000-7000-8000-0000000000c5"


class GiveRecognition(Command):
    """Thank somebody, and say what for."""

    model_config = example(
        recognition_id=RECOGNITION,
        person_id="0195b1c0-0000-7000-8000-000000000001",
        team_id="0195b1c0-0000-7000-8000-0000000000b1",
        kind="customer-thanks",
        text="A caller rang again only to say how patiently the bill was explained.",
        public=True,
    )
    refused = {
        "recognition-exists": "a recognition with this id was given in other words",
        "self-recognition": "nobody thanks or rewards themselves",
    }
    recognition_id: UUID
    person_id: UUID
    team_id: UUID
    kind: Literal["thanks", "success", "customer-thanks", "teaching", "development"]
    text: Annotated[Text800, Personal("person_id")]
    public: bool
    ref: UUID | None = None


class GrantReward(Command):
    """Reward what somebody was thanked for: in money, in time, or both."""

    model_config = example(recognition_id=RECOGNITION, reward="paid-time", value_minutes=120, note="For teaching.")
    refused = if_unknown("recognition") | {
        "reward-exists": "another reward stands on this recognition",
        "self-recognition": "nobody thanks or rewards themselves",
        "value-missing": "a reward has a value, in cents or in minutes",
    }
    recognition_id: UUID
    reward: Literal["voucher", "gift", "bonus", "paid-time"]
    value_cents: Annotated[int, Field(ge=0, le=50_000)] | None = None
    value_minutes: Annotated[int, Field(ge=0, le=900)] | None = None
    note: Annotated[Text200 | None, Personal("person_id")] = None


RecognitionCommand = GiveRecognition | GrantReward


@dataclass(frozen=True, slots=True)
class Ungiven:
    pass


@dataclass(frozen=True, slots=True)
class Given:
    given: RecognitionGiven


@dataclass(frozen=True, slots=True)
class Rewarded:
    given: RecognitionGiven
    reward: RewardGranted


Recognition = Ungiven | Given | Rewarded


def stream_of(recognition_id: UUID) -> str:
    return f"coaching.recognition-{recognition_id}"


def decide(
    command: RecognitionCommand, recognition: Recognition, seen: Seen, asked: Asked
) -> Sequence[RecognitionEvent]:
    match command:
        case GiveRecognition():
            return _give(command, recognition, asked)
        case GrantReward():
            return _grant(command, recognition, asked)
        case _:
            assert_never(command)


def _give(command: GiveRecognition, recognition: Recognition, asked: Asked) -> Sequence[RecognitionEvent]:
    given = RecognitionGiven(**dict(command))
    if not isinstance(recognition, Ungiven):
        if recognition.given == given:
            return []
        raise Rejected("recognition-exists", "a recognition with this id was given in other words")
    _refuse_self(given, asked)
    return [given]


def _grant(command: GrantReward, recognition: Recognition, asked: Asked) -> Sequence[RecognitionEvent]:
    if isinstance(recognition, Ungiven):
        raise unknown("recognition")
    given = recognition.given
    reward = RewardGranted(**dict(command), person_id=given.person_id, team_id=given.team_id)
    if isinstance(recognition, Rewarded):
        if recognition.reward == reward:
            return []
        raise Rejected("reward-exists", "another reward stands on this recognition")
    _refuse_self(given, asked)
    if command.value_cents is None and command.value_minutes is None:
        raise Rejected("value-missing", "a reward has a value, in cents or in minutes")
    return [reward]


def _refuse_self(given: RecognitionGiven, asked: Asked) -> None:
    if asked.actor == str(given.person_id):
        raise Rejected("self-recognition", "nobody thanks or rewards themselves")


def evolve(recognition: Recognition, event: RecognitionEvent) -> Recognition:
    match event:
        case RecognitionGiven():
            return Given(event)
        case RewardGranted():
            assert not isinstance(recognition, Ungiven), "a reward stands on a recognition"
            return Rewarded(recognition.given, event)
        case _:
            assert_never(event)


recognition: Decider[RecognitionCommand, Recognition, RecognitionEvent] = Decider(
    kind="recognition",
    commands=RecognitionCommand,
    events=RecognitionEvent,
    stream=lambda command: stream_of(command.recognition_id),
    initial=Ungiven(),
    decide=decide,
    evolve=evolve,
)
