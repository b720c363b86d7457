"""Whenever something has happened, what do we ask of ourselves?"""

from services.coaching.policies import conversations, learning, needs
from shared.core.policy import Policy

POLICIES: tuple[Policy, ...] = (*conversations.POLICIES, *needs.POLICIES, *learning.POLICIES)
