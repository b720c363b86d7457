"""The CloudEvents 1.0 binding, Kafka binary mode: a stored fact becomes a record, and a record a fact again.

What is on a topic was not always written by us: a record is read as a fact, told to be broken, or passed over by rule.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from zlib import crc32

from asyncpg.pgproto.pgproto import UUID

from shared.core.event import Recorded
from shared.feed.batch import Broken
from shared.store.passing import Passing, parts

Headers = Sequence[tuple[str, bytes | None]]

STRUCTURED: Final = b"application/cloudevents"
_BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = 2**63 - 1
_MANY: Final = 10_000


class Record(NamedTuple):
    """What is sent. Made of the fact, `previous` and the partitions alone: sent twice, it is the same twice."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    timestamp: int


class Placed(NamedTuple):
    """A fact as it was read, with what its record says about its place in the partition."""

    recorded: Recorded
    previous: int
    partitions: int


class Heedless(NamedTuple):
    """A fact whose name nobody here hears: only its place is read."""

    position: int
    previous: int
    partitions: int


class PassedOver(NamedTuple):
    """No fact of ours and no business of ours."""

    reason: str


Fields = tuple[int, bytes, bytes, list[tuple[str, bytes]], int]
Read = Placed | Heedless | PassedOver | Broken


def key_of(tenant: str, stream: str) -> bytes:
    return (tenant + stream).encode()


def partition_of(key: bytes, partitions: int) -> int:
    """Where a stream's facts go: ours to say, on no client's default partitioner to depend."""
    return crc32(key) % partitions


class Writer:
    """Facts of one source to records on `partitions` partitions."""

    def __init__(self, source: str, partitions: int) -> None:
        self.partitions = partitions
        self._fixed: list[tuple[str, bytes]] = [
            ("ce_specversion", b"1.0"),
            ("ce_source", f"/luotsi/{source}".encode()),
            ("content-type", b"application/json"),
            ("ce_partitions", b"%d" % partitions),
        ]
        self._group = b"", b"", 0
        self._kinds: dict[tuple[bytes, bytes], Sequence[tuple[str, bytes]]] = {}

    def record(self, fact: Passing, lasts: Sequence[int]) -> tuple[int, Record]:
        """Its partition, and what is sent there. `lasts` has the position before it on each partition."""
        partition, key, value, headers, timestamp = self.fields(fact, lasts)
        return partition, Record(key, value, headers, timestamp)

    def fields(self, fact: Passing, lasts: Sequence[int]) -> Fields:
        """The same for the relay, which lives on it: the partition, and a record that nobody keeps."""
        _, tenant, stream, actor, trace, plain, data = fact
        position, version, id_, at, offset, recorded_at, correlation, causation, name = parts(plain)
        key = tenant + stream
        partition = partition_of(key, self.partitions)
        if recorded_at != self._group[0]:  # facts of one append share it
            self._group = recorded_at, *_recorded(int(recorded_at))
        headers = [
            *(self._kinds.get((name, tenant)) or self._kind(name, tenant)),
            ("ce_id", id_),
            ("ce_subject", stream),
            ("ce_time", at + _east(offset)),
            ("ce_sequence", position.zfill(20)),
            ("ce_previous", b"%d" % lasts[partition]),
            ("ce_partitionkey", key),
            ("ce_streamversion", version),
            ("ce_actor", actor),
            ("ce_recordedat", self._group[1]),
            ("ce_correlationid", correlation),
        ]
        if causation:
            headers.append(("ce_causationid", causation))
        if trace is not None:
            headers.append(("ce_traceparent", trace))
        return partition, key, data, headers, self._group[2]

    def _kind(self, name: bytes, tenant: bytes) -> Sequence[tuple[str, bytes]]:
        """The headers that all facts of a name and a tenant share: there are few of these, and they are kept."""
        found = self._kinds[name, tenant] = *self._fixed, ("ce_type", name), ("ce_tenant", tenant)
        return found


def _recorded(microseconds: int) -> tuple[bytes, int]:
    """As a header has it, and as a record's time, in milliseconds."""
    return (_BEGIN + timedelta(microseconds=microseconds)).isoformat().encode(), microseconds // 1000


@cache
def _east(minutes: bytes) -> bytes:
    """An offset as it stands behind a time, +02:00."""
    offset = int(minutes)
    return b"%c%02d:%02d" % (b"-" if offset < 0 else b"+", *divmod(abs(offset), 60))


class Reader:
    """Records of one source's topic to facts. `heard` are the names that somebody here hears, None for all."""

    def __init__(self, source: str, heard: frozenset[str] | None = None) -> None:
        self.source = source
        self._uri = f"/luotsi/{source}".encode()
        self._heard = None if heard is None else frozenset(name.encode() for name in heard)

    def read(self, offset: int, partition: int, value: bytes | None, headers: Headers | None) -> Read:
        attributes: dict[str, Any] = dict(headers) if headers else {}
        if attributes.get("ce_source") != self._uri:
            return PassedOver(_foreign(value, attributes))
        try:
            return self._fact(partition, value, attributes)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            return Broken(offset, value or b"", _shown(headers or ()), _told(error))

    def _fact(self, partition: int, value: bytes | None, attributes: Mapping[str, Any]) -> Placed | Heedless:
        if value is None:
            raise ValueError("a fact without data")
        if attributes["ce_specversion"] != b"1.0":
            raise ValueError("a CloudEvents version other than 1.0")
        position, previous = int(attributes["ce_sequence"]), int(attributes["ce_previous"])
        partitions = int(attributes["ce_partitions"])
        if not 0 <= previous < position <= _LAST:
            raise ValueError(f"position {position} cannot follow {previous}")
        if not 0 < partitions <= _MANY:
            raise ValueError(f"{partitions} partitions")
        tenant, stream, name = attributes["ce_tenant"], attributes["ce_subject"], attributes["ce_type"]
        if (belongs := partition_of(tenant + stream, partitions)) != partition:
            raise ValueError(f"it belongs to partition {belongs} of {partitions}, not to {partition}")
        if self._heard is not None and name not in self._heard:
            return Heedless(position, previous, partitions)
        causation, trace = attributes.get("ce_causationid"), attributes.get("ce_traceparent")
        return Placed(
            Recorded(
                self.source,
                position,
                _text(tenant),
                _text(stream),
                int(attributes["ce_streamversion"]),
                _text(name),
                UUID(attributes["ce_id"].decode()),
                _instant(attributes["ce_time"]),
                _instant(attributes["ce_recordedat"]),
                _text(attributes["ce_actor"]),
                UUID(attributes["ce_correlationid"].decode()),
                None if causation is None else UUID(causation.decode()),
                None if trace is None else _text(trace),
                value,
            ),
            previous,
            partitions,
        )


def _text(raw: bytes) -> str:
    text = raw.decode()
    if "\0" in text:
        raise ValueError("a NUL, which no table takes")
    return text


def _instant(raw: bytes) -> datetime:
    at = datetime.fromisoformat(raw.decode())
    if at.tzinfo is None:
        raise ValueError("a time without an offset")
    return at


def _foreign(value: bytes | None, attributes: Mapping[str, Any]) -> str:
    if value is None:
        return "tombstone"
    if (attributes.get("content-type") or b"").startswith(STRUCTURED):
        return "structured"
    return "foreign"


def _shown(headers: Headers) -> str:
    """The headers as JSON, whatever bytes are in them."""
    shown = [(name, None if value is None else value.decode(errors="backslashreplace")) for name, value in headers]
    return json.dumps(shown)


def _told(error: Exception) -> str:
    return f"without {error}" if isinstance(error, KeyError) else f"{type(error).__name__}: {error}"
