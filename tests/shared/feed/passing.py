"""A fact as the store hands it on, made from what it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.core.event import Recorded
from shared.store.store import offset_of

BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def passing(fact: Recorded) -> Any:
    plain = (
        fact.position,
        fact.version,
        fact.id,
        fact.at.replace(tzinfo=None).isoformat(timespec="microseconds"),
        offset_of(fact.at),
        (fact.recorded_at - BEGIN) // timedelta(microseconds=1),
        fact.correlation_id,
        fact.causation_id or "",
        fact.name,
    )
    return (
        fact.position,
        fact.tenant.encode(),
        fact.stream.encode(),
        fact.actor.encode(),
        None if fact.traceparent is None else fact.traceparent.encode(),
        " ".join(map(str, plain)).encode(),
        str(fact.data).encode(),
    )
