"""Policies about learning: evaluations, mappings, trainers, trainings."""

from shared.core.policy import Policy

POLICIES: tuple[Policy, ...] = ()
