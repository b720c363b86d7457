"""Facts that only pass through, from the store to somewhere else: as bytes from end to end, nothing of it is parsed."""

from datetime import datetime, timedelta, timezone
from typing import Final

from asyncpg import Record

# What cannot hold a blank comes as one text, with one behind it that may: each column more costs a reader as much as
# the whole of it.
_PLAIN: Final = """textsend(concat_ws(' ', position, version, id,
    to_char(at at time zone 'UTC' + at_offset * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.US'), at_offset,
    round(date_part('epoch', recorded_at) * 1000000)::bigint,
    correlation_id, coalesce(causation_id::text, ''), name))"""
PASSING: Final = f"""select position, textsend(tenant), textsend(stream), textsend(actor), textsend(traceparent),
    {_PLAIN}, textsend(data::text)
    from facts where position > $1 order by position limit $2"""
_BLANKS: Final = 8  # between the parts of it


class Passing(Record):
    """A row of PASSING, as the driver hands it over."""

    __slots__ = ()

    @property
    def position(self) -> int:
        found: int = self[0]
        return found

    @property
    def tenant(self) -> bytes:
        found: bytes = self[1]
        return found

    @property
    def stream(self) -> bytes:
        found: bytes = self[2]
        return found

    @property
    def name(self) -> bytes:
        return parts(self[5])[8]

    @property
    def at(self) -> datetime:
        _, _, _, local, offset, *_ = parts(self[5])
        zone = timezone(timedelta(minutes=int(offset)))
        return datetime.fromisoformat(local.decode()).replace(tzinfo=zone)

    @property
    def recorded_at(self) -> int:
        """In microseconds since 1970."""
        return int(parts(self[5])[5])


def parts(plain: bytes) -> list[bytes]:
    """Position, version, id, the local time of `at`, its offset in minutes, `recorded_at` in microseconds since 1970,
    correlation and causation id, empty if there is none, and the name.
    """
    return plain.split(b" ", _BLANKS)
