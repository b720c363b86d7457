"""What coaching hears from others: these files are its whole dependency on other services."""

from services.coaching.inbox.directory import PersonFact, TeamFact
from services.coaching.inbox.feedback import ItemFact, MessageFact
from services.coaching.inbox.journey import CheckFact, JourneyFact
from services.coaching.inbox.scheduling import ActivityFact, ShiftFact

Inbox = TeamFact | PersonFact | CheckFact | JourneyFact | MessageFact | ItemFact | ShiftFact | ActivityFact

__all__ = ["Inbox"]
