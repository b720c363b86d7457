"""An envelope around a fact, for tests of policies and deadlines."""

from datetime import datetime
from uuid import UUID

from shared.core.event import Event, Recorded, source_of
from shared.testing.scenario import SOME_MORNING


def recorded(event: Event, version: int = 1, at: datetime = SOME_MORNING, stream: str = "a-stream") -> Recorded:
    return Recorded(
        source=source_of(event.event_name),
        position=1,
        tenant="havu",
        stream=stream,
        version=version,
        name=event.event_name,
        id=UUID(int=7),
        at=at,
        recorded_at=at,
        actor="somebody",
        correlation_id=UUID(int=8),
        causation_id=None,
        traceparent=None,
        data=event.model_dump_json(),
    )
