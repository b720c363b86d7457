"""What coaching hears from others: these files are its whole dependency on other services."""

from services.coaching.inbox.directory import PersonFact, TeamFact

Inbox = TeamFact | PersonFact

__all__ = ["Inbox"]
