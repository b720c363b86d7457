"""By when do we ask something of ourselves? Another day, or what makes it needless, is found in our own facts."""

from services.coaching.deadlines import conversations, learning
from shared.core.deadline import Deadline

DEADLINES: tuple[Deadline, ...] = (*conversations.DEADLINES, *learning.DEADLINES)
