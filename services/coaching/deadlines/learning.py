"""Deadlines about learning: evaluations, mappings, trainers, trainings."""

from shared.core.deadline import Deadline

DEADLINES: tuple[Deadline, ...] = ()
