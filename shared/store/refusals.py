"""Commands of policies and deadlines that were refused: final answers, kept with their receipts for ops to look at."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.store.database import Driver

# Newest first. The cursor is the last row seen: (at, tenant, command_id, service).
_REFUSED = """select at, tenant, command_id, asked_by, command, stream, refused, reason from receipts
    where refused is not null
        and tenant = coalesce($1, tenant) and command = coalesce($2, command) and refused = coalesce($3, refused)
        and asked_by = coalesce($4, asked_by)
        and ($5::timestamptz is null or (at, tenant, command_id, $8::text) < ($5, $6::text, $7::uuid, $9::text))
    order by at desc, tenant desc, command_id desc limit $10"""

Cursor = tuple[datetime, str, UUID, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    tenant: str | None = None
    command: str | None = None
    code: str | None = None
    asked_by: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """`asked_by` is `policy:<name>` or `deadline:<name>`; `at` the time that the command was about."""

    service: str
    at: datetime
    tenant: str
    command_id: UUID
    asked_by: str
    command: str
    stream: str
    code: str
    reason: str

    @property
    def cursor(self) -> Cursor:
        return self.at, self.tenant, self.command_id, self.service


async def refusals(driver: Driver, service: str, wanted: Wanted, after: Cursor | None, limit: int) -> list[Refusal]:
    at, tenant, command_id, of = after or (None, None, None, None)
    filters = wanted.tenant, wanted.command, wanted.code, wanted.asked_by
    rows = await driver.fetch(_REFUSED, *filters, at, tenant, command_id, service, of, limit)
    return [Refusal(service, *row) for row in rows]
