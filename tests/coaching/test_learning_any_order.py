"""No order between streams changes a row about learning, and nothing that was erased stands in the way."""

from collections.abc import Sequence

import pytest

from services.coaching.readmodels import (
    behaviour_profile,
    causes,
    learning_packages,
    mapping_rounds,
    opportunities,
    role_definitions,
    skills_matrix,
    trainer_pool,
    training_calendar,
)
from services.coaching.readmodels.learning import READ_MODELS
from shared.core.readmodel import ReadModel
from shared.testing.interleavings import Fact, assert_any_order, assert_folds_erased
from tests.coaching.learning_streams import (
    AINO_SKILLS_STREAM,
    EVALUATION_STREAM,
    GOALS_STREAM,
    NEEDS_STREAM,
    OTHER_PACKAGE_STREAM,
    OTHER_POOL_STREAM,
    OTHER_ROLE_STREAM,
    OTHER_ROUND_STREAM,
    OTHER_SPARRING_STREAM,
    OTHER_TRAINING_STREAM,
    PACKAGE_STREAM,
    POOL_STREAM,
    ROLE_STREAM,
    ROUND_STREAM,
    SELF_STREAM,
    SKILLS_STREAM,
    SPARRING_STREAM,
    THANKS_STREAM,
    TRAINING_STREAM,
    VOIDED_STREAM,
)

EVALUATIONS = (EVALUATION_STREAM, VOIDED_STREAM, SELF_STREAM)
SKILLS = (SKILLS_STREAM, AINO_SKILLS_STREAM)
TRAININGS = (TRAINING_STREAM, OTHER_TRAINING_STREAM)
SPARRINGS = (SPARRING_STREAM, OTHER_SPARRING_STREAM)
POOLS = (POOL_STREAM, OTHER_POOL_STREAM)
STREAMS: dict[str, tuple[ReadModel, Sequence[Sequence[Fact]]]] = {
    "role_definitions": (role_definitions.read_model, (ROLE_STREAM, OTHER_ROLE_STREAM)),
    "behaviour_profile": (behaviour_profile.read_model, (*EVALUATIONS, ROLE_STREAM, GOALS_STREAM)),
    "causes": (causes.read_model, EVALUATIONS),
    "skills_matrix": (skills_matrix.read_model, (*SKILLS, NEEDS_STREAM)),
    "mapping_rounds": (mapping_rounds.read_model, (ROUND_STREAM, OTHER_ROUND_STREAM, *SKILLS)),
    "trainer_pool": (trainer_pool.read_model, (*POOLS, *SPARRINGS, *TRAININGS)),
    "learning_packages": (
        learning_packages.read_model,
        (PACKAGE_STREAM, OTHER_PACKAGE_STREAM, *TRAININGS, NEEDS_STREAM),
    ),
    "training_calendar": (training_calendar.read_model, (*TRAININGS, *SPARRINGS)),
    "opportunities": (
        opportunities.read_model,
        (*TRAININGS, *SPARRINGS, *POOLS, THANKS_STREAM, NEEDS_STREAM),
    ),
}
every_read_model = pytest.mark.parametrize("name", STREAMS)


def test_every_read_model_about_learning_is_shuffled() -> None:
    assert STREAMS.keys() == {read_model.name for read_model in READ_MODELS}


@every_read_model
def test_the_order_between_streams_changes_no_row(name: str) -> None:
    read_model, streams = STREAMS[name]
    assert_any_order(read_model, *streams)


@every_read_model
def test_what_was_erased_is_nowhere_and_stands_in_nobodys_way(name: str) -> None:
    read_model, streams = STREAMS[name]
    assert_folds_erased(read_model, *streams)
