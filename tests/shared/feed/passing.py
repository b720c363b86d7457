"""A fact as the store hands it on, made from what it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.core.event import Recorded
from shared.store.store import offset_of

BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def passing(fact: Recorded) -> Any:
    local = fact.at.replace(tzinfo=None).isoformat(timespec="microseconds")
    plain = (fact.version, fact.id, local, offset_of(fact.at), fact.correlation_id, fact.causation_id)
    return (
        fact.position,
        fact.tenant.encode(),
        fact.stream.encode(),
        fact.name.encode(),
        fact.actor.encode(),
        None if fact.traceparent is None else fact.traceparent.encode(),
        " ".join(str(each) for each in plain if each is not None).encode(),
        (fact.recorded_at - BEGIN) // timedelta(microseconds=1),
        str(fact.data).encode(),
    )
