"""What can have happened in coaching. The unions are the registry: nothing else is to be registered.

The names are the contract: other teams read these facts from the topic `coaching.events`.
Fields may be added with a default; a renamed field keeps its old spelling as an alias.
"""

from services.coaching.events.action import ActionEvent
from services.coaching.events.form import FormEvent
from services.coaching.events.goals import GoalEvent
from services.coaching.events.issue import IssueEvent
from services.coaching.events.learning import LearningEvent
from services.coaching.events.plan import PlanEvent
from services.coaching.events.recognition import RecognitionEvent
from services.coaching.events.session import SessionEvent

ConversationEvent = FormEvent | PlanEvent | SessionEvent | ActionEvent | IssueEvent | GoalEvent | RecognitionEvent
CoachingEvent = ConversationEvent | LearningEvent

__all__ = ["CoachingEvent"]
