"""One training: planned, held, cancelled, and who comes."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.coaching.deciders.training import TrainingCommand, training
from services.coaching.events.training import TrainingEvent
from shared.testing.scenario import Scenario
from tests.coaching.cast import AINO, DANI, ONNI, OTHER_TEAM, TUULA, at, changed
from tests.coaching.learnt import (
    GIVEN,
    PACKAGE,
    TRAINING,
    add,
    cancel_training,
    drop,
    hold_training,
    package_drafted,
    package_retired,
    participant_added,
    participant_dropped,
    plan_training,
    trainer_dropped,
    trainer_joined,
    training_cancelled,
    training_held,
    training_planned,
)
from tests.coaching.trainers import seat

given = Scenario(training).given
AFTER = at(8, 12, 4)
OVER: tuple[tuple[TrainingEvent, ...], ...] = (
    (training_planned, training_held),
    (training_planned, training_cancelled),
)


def test_a_training_is_planned_from_a_package() -> None:
    assert training.stream(plan_training) == f"coaching.training-{TRAINING}"
    given().when(plan_training, package=GIVEN).then(training_planned)
    longer = changed(plan_training, minutes=90)
    given().when(longer, package=GIVEN).then(training_planned.model_copy(update={"minutes": 90}))


def test_a_training_is_planned_once() -> None:
    longer_now = (*GIVEN, GIVEN[-1].model_copy(update={"version": 2, "minutes": 90}))
    for history in ((training_planned,), (training_planned, participant_added), *OVER):
        given(*history).when(plan_training, package=longer_now).then_nothing()
        given(*history).when(changed(plan_training, minutes=90)).then_rejected("training-exists")


@pytest.mark.parametrize(
    "history", [(), (package_drafted, trainer_joined), (*GIVEN, package_retired)], ids=["none", "a draft", "retired"]
)
def test_only_published_packages_are_given(history: Any) -> None:
    given().when(plan_training, package=history).then_rejected("package-not-published")


def test_a_colleague_who_trains_has_joined_the_package_and_is_not_trained() -> None:
    by_dani = changed(plan_training, trainer=seat(DANI))
    given().when(by_dani, package=GIVEN).then_rejected("trainer-not-in-package")
    bought = (*GIVEN[:-1], GIVEN[-1].model_copy(update={"source": "client"}))
    given().when(by_dani, package=bought).then(training_planned.model_copy(update={"trainer": seat(DANI)}))
    with_tuula = changed(plan_training, participants=(seat(AINO), seat(TUULA)))
    given().when(with_tuula, package=GIVEN).then_rejected("trainer-is-participant")
    with pytest.raises(ValidationError, match="names something twice"):
        changed(plan_training, participants=(seat(AINO), seat(AINO, OTHER_TEAM)))


def test_a_training_is_planned_for_a_time_to_come_within_half_a_year() -> None:
    given().when(plan_training, package=GIVEN, at=AFTER).then_rejected("in-the-past")
    given().when(changed(plan_training, starts_at=at(31, 10, 8)), package=GIVEN).then_rejected("beyond-horizon")


@pytest.mark.parametrize(
    "command", [add, drop, hold_training, cancel_training], ids=lambda command: type(command).__name__
)
def test_a_training_that_was_never_planned_is_unknown(command: TrainingCommand) -> None:
    given().when(command).then_rejected("unknown-training")


def test_somebody_else_comes_too() -> None:
    given(training_planned).when(add).then(participant_added)
    given(training_planned, participant_added).when(add).then_nothing()
    given(training_planned).when(changed(add, participant=seat(TUULA))).then_rejected("trainer-is-participant")
    given(training_planned, trainer_dropped).when(changed(add, participant=seat(TUULA))).then(
        participant_added.model_copy(update={"participant": seat(TUULA)})
    )


def test_a_training_has_thirty_participants_at_most() -> None:
    full = training_planned.model_copy(update={"participants": tuple(seat(UUID(int=n)) for n in range(900, 930))})
    given(full).when(add).then_rejected("training-full")
    leaver = participant_dropped.model_copy(update={"participant": full.participants[0]})
    given(full, leaver).when(add).then(participant_added)


def test_participants_and_the_trainer_are_dropped() -> None:
    given(training_planned).when(drop).then(participant_dropped)
    given(training_planned, participant_dropped).when(drop).then_nothing()
    given(training_planned).when(changed(drop, person_id=TUULA)).then(trainer_dropped)
    given(training_planned, trainer_dropped).when(changed(drop, person_id=TUULA)).then_nothing()


def test_a_training_is_held_once() -> None:
    given(training_planned).when(hold_training, at=AFTER).then(training_held)
    given(training_planned, training_held).when(hold_training, at=AFTER).then_nothing()
    given(training_planned, training_held).when(changed(hold_training, trainer_id=TUULA), at=AFTER).then_nothing()
    both = changed(hold_training, attended=(AINO, ONNI))
    given(training_planned, training_held).when(both, at=AFTER).then_rejected("training-over")
    given(training_planned).when(hold_training, at=at(8, 9, 4)).then_rejected("held-in-future")


def test_who_came_is_in_the_training() -> None:
    walk_in = changed(hold_training, attended=(AINO, DANI))
    given(training_planned).when(walk_in, at=AFTER).then_rejected("not-a-participant")
    given(training_planned, participant_added).when(walk_in, at=AFTER).then(
        training_held.model_copy(update={"attended": (AINO, DANI)})
    )


def test_somebody_stands_in_for_the_trainer() -> None:
    given(training_planned, trainer_dropped).when(hold_training, at=AFTER).then_rejected("trainer-missing")
    by_dani = changed(hold_training, trainer_id=DANI)
    given(training_planned, trainer_dropped).when(by_dani, at=AFTER).then(
        training_held.model_copy(update={"trainer_id": DANI})
    )
    by_aino = changed(hold_training, trainer_id=AINO)
    given(training_planned).when(by_aino, at=AFTER).then_rejected("trainer-is-participant")


def test_a_training_is_cancelled_with_the_people_of_then() -> None:
    given(training_planned).when(cancel_training).then(training_cancelled)
    given(training_planned, training_cancelled).when(cancel_training).then_nothing()
    only_aino = {"trainer": None, "participants": (seat(AINO),)}
    given(training_planned, trainer_dropped, participant_dropped).when(cancel_training).then(
        training_cancelled.model_copy(update=only_aino)
    )
    otherwise = changed(cancel_training, reason="trainer")
    given(training_planned, training_cancelled).when(otherwise).then_rejected("training-over")


@pytest.mark.parametrize("history", OVER, ids=["held", "cancelled"])
@pytest.mark.parametrize("command", [add, drop, cancel_training, hold_training])
def test_what_is_over_stays_as_it_is(command: TrainingCommand, history: tuple[TrainingEvent, ...]) -> None:
    if (command, history) in ((hold_training, OVER[0]), (cancel_training, OVER[1])):
        given(*history).when(command, at=AFTER).then_nothing()
    else:
        given(*history).when(command, at=AFTER).then_rejected("training-over")


def test_what_was_so_before_it_was_over_needs_no_refusal() -> None:
    history = (training_planned, participant_added, participant_dropped, training_held)
    given(*history).when(add, at=AFTER).then_nothing()
    given(*history).when(drop, at=AFTER).then_nothing()
    assert training_held.package_id == PACKAGE
