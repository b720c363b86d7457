"""What can have happened in onboarding. The unions are the registry: nothing else is to be registered.

The names are the contract: other teams read these facts from the topic `onboarding.events`.
Fields may be added with a default; a renamed field keeps its old spelling as an alias.
"""

from services.onboarding.events.journey import JourneyEvent
from services.onboarding.events.preview import MaterialEvent, PreviewEvent
from services.onboarding.events.structure import PersonEvent, TeamEvent
from services.onboarding.events.template import TemplateEvent
from services.onboarding.events.welcome import WelcomeEvent

OnboardingEvent = TeamEvent | PersonEvent | MaterialEvent | PreviewEvent | TemplateEvent | WelcomeEvent | JourneyEvent

__all__ = ["OnboardingEvent"]
