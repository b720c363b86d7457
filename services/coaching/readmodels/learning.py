"""The read models about learning."""

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

READ_MODELS = (
    role_definitions.read_model,
    behaviour_profile.read_model,
    causes.read_model,
    skills_matrix.read_model,
    mapping_rounds.read_model,
    trainer_pool.read_model,
    learning_packages.read_model,
    training_calendar.read_model,
    opportunities.read_model,
)
