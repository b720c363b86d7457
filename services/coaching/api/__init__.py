"""What may be asked of coaching, and by whom. What only policies and deadlines ask has no route."""

from services.coaching.api import conversations, learning
from shared.core.access import Ask

ASKS: tuple[Ask, ...] = (*conversations.ASKS, *learning.ASKS)
