"""Facts that only pass through, from the store to somewhere else: as bytes from end to end, nothing of it is parsed."""

from typing import Final

from asyncpg import Record

# What cannot hold a blank comes as one text: each column more costs a reader as much as the whole of it.
_PLAIN: Final = """textsend(concat_ws(' ', version, id,
    to_char(at at time zone 'UTC' + at_offset * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.US'), at_offset,
    correlation_id, causation_id))"""
PASSING: Final = f"""select position, textsend(tenant), textsend(stream), textsend(name), textsend(actor),
    textsend(traceparent), {_PLAIN},
    round(date_part('epoch', recorded_at) * 1000000)::bigint, textsend(data::text)
    from facts where position > $1 order by position limit $2"""


class Passing(Record):
    """A row of PASSING, as the driver hands it over.

    `plain` are version, id, the local time of `at`, its offset in minutes, correlation and causation id if any.
    """

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
        found: bytes = self[3]
        return found

    @property
    def plain(self) -> bytes:
        found: bytes = self[6]
        return found

    @property
    def recorded_at(self) -> int:
        """In microseconds since 1970."""
        found: int = self[7]
        return found
