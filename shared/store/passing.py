"""Facts that only pass through, from the store to somewhere else: as bytes from end to end, nothing of it is parsed."""

from typing import Final, NamedTuple

# What cannot hold a blank comes as one text: each column more costs a reader as much as the whole of it.
_PLAIN: Final = """textsend(concat_ws(' ', version, id,
    to_char(at at time zone 'UTC' + at_offset * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.US'), at_offset,
    correlation_id, causation_id))"""
PASSING: Final = f"""select position, textsend(tenant), textsend(stream), textsend(name), textsend(actor),
    textsend(traceparent), {_PLAIN},
    round(date_part('epoch', recorded_at) * 1000000)::bigint, textsend(data::text)
    from facts where position > $1 order by position limit $2"""


class Passing(NamedTuple):
    """`plain` are version, id, the local time of `at`, its offset in minutes, correlation and causation id if any.

    `recorded_at` is in microseconds since 1970.
    """

    position: int
    tenant: bytes
    stream: bytes
    name: bytes
    actor: bytes
    traceparent: bytes | None
    plain: bytes
    recorded_at: int
    data: bytes
