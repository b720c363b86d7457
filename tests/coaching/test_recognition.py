"""A reward always stands on a recognition that says what for."""

from services.coaching.deciders.recognition import GiveRecognition, GrantReward, recognition
from shared.testing.scenario import Scenario
from tests.coaching.cast import AINO, changed
from tests.coaching.people_matters import RECOGNITION, recognition_given, reward_granted

given = Scenario(recognition).given

give = GiveRecognition(**dict(recognition_given))
grant = GrantReward(recognition_id=RECOGNITION, reward="paid-time", value_minutes=120, note="For a quiet morning.")


def test_somebody_is_thanked_once() -> None:
    given().when(give).then(recognition_given)
    given(recognition_given).when(give).then_nothing()
    given(recognition_given, reward_granted).when(give).then_nothing()
    given(recognition_given).when(changed(give, public=False)).then_rejected("recognition-exists")


def test_nobody_thanks_or_rewards_themselves() -> None:
    given().when(give, actor=AINO).then_rejected("self-recognition")
    given(recognition_given).when(grant, actor=AINO).then_rejected("self-recognition")


def test_a_reward_stands_on_a_recognition_and_has_a_value() -> None:
    given(recognition_given).when(grant).then(reward_granted)
    given().when(grant).then_rejected("unknown-recognition")
    given(recognition_given).when(changed(grant, value_minutes=None)).then_rejected("value-missing")
    in_money = changed(grant, reward="bonus", value_minutes=None, value_cents=5000)
    given(recognition_given).when(in_money).then(
        reward_granted.model_copy(update={"reward": "bonus", "value_minutes": None, "value_cents": 5000})
    )


def test_there_is_one_reward() -> None:
    given(recognition_given, reward_granted).when(grant).then_nothing()
    given(recognition_given, reward_granted).when(changed(grant, value_minutes=60)).then_rejected("reward-exists")
