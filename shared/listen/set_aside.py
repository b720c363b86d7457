"""Deadlines that were set aside: asking them failed, and not for an outage. The ticker passes them over."""

from dataclasses import dataclass
from datetime import date, datetime, time

from shared.store.database import Driver

_WHERE = """error is not null and tenant = coalesce($1, tenant) and deadline = coalesce($2, deadline)
    and key = coalesce($3, key) and ($4::text is null or strpos(lower(error), lower($4)) > 0)"""
_COLUMNS = "tenant, deadline, key, command, due_at, due_day, due_hour, error"
_LISTED = f"select {_COLUMNS} from deadlines where {_WHERE} order by earliest, tenant, deadline, key"
_FREED = f"update deadlines set error = null where {_WHERE}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`error` is a part of its words."""

    tenant: str | None = None
    deadline: str | None = None
    key: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """Due at an instant, or at an hour of a day where the team is."""

    tenant: str
    deadline: str
    key: str
    command: str
    due_at: datetime | None
    due_day: date | None
    due_hour: time | None
    error: str

    @property
    def due(self) -> str:
        return self.due_at.isoformat() if self.due_at else f"{self.due_day} {self.due_hour} local"


async def listed(driver: Driver, wanted: Wanted) -> list[SetAside]:
    """In the order in which they came due."""
    rows = await driver.fetch(_LISTED, wanted.tenant, wanted.deadline, wanted.key, wanted.error)
    return [SetAside(*row) for row in rows]


async def free(driver: Driver, wanted: Wanted) -> int:
    """They are asked again when the ticker looks next. Answers how many there were."""
    done = await driver.execute(_FREED, wanted.tenant, wanted.deadline, wanted.key, wanted.error)
    return int(done.rpartition(" ")[2])
