"""Policies about conversations: plans, sessions, actions, goals."""

from shared.core.policy import Policy

POLICIES: tuple[Policy, ...] = ()
