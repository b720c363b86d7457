"""An envelope around a fact, for tests of policies and deadlines."""

from uuid import UUID

from shared.core.event import Event, Recorded, source_of
from tests.onboarding.plan import at


def recorded(event: Event, version: int = 1) -> Recorded:
    return Recorded(
        source=source_of(event.event_name),
        position=1,
        tenant="havu",
        stream="a-stream",
        version=version,
        name=event.event_name,
        id=UUID(int=7),
        at=at(8),
        recorded_at=at(8),
        actor="somebody",
        correlation_id=UUID(int=8),
        causation_id=None,
        traceparent=None,
        data=event.model_dump_json(),
    )
