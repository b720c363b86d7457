"""What can have happened in coaching. The unions are the registry: nothing else is to be registered.

The names are the contract: other teams read these facts from the topic `coaching.events`.
Fields may be added with a default; a renamed field keeps its old spelling as an alias.
"""

from services.coaching.events.form import FormEvent

CoachingEvent = FormEvent

__all__ = ["CoachingEvent"]
