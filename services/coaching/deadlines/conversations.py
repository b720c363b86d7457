"""Deadlines about conversations: plans, sessions, actions, goals."""

from shared.core.deadline import Deadline

DEADLINES: tuple[Deadline, ...] = ()
