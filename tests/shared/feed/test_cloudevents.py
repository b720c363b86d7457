"""The binding: what is written can be read, and what others wrote is told apart."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.event import Recorded
from shared.feed.batch import Broken
from shared.feed.cloudevents import Heedless, PassedOver, Placed, Reader, Record, Writer
from tests.shared.feed.passing import passing

FACT = Recorded(
    "shop",
    41,
    "acme",
    "shop.till-ä",
    3,
    "shop.sold",
    UUID(int=1),
    datetime(2027, 3, 1, 9, tzinfo=timezone(timedelta(hours=-3))),
    datetime(2027, 3, 1, 12, 0, 0, 17, tzinfo=UTC),
    "ada",
    UUID(int=2),
    UUID(int=3),
    "00-trace-01",
    '{"a":1}',
)
PLACE, RECORD = Writer("shop", 6).record(passing(FACT), [40] * 6)
Header = tuple[str, bytes | None]


def read(headers: Sequence[Header] | None, value: bytes | None = b"{}", place: int = PLACE, **reader: Any) -> Any:
    return Reader("shop", **reader).read(7, place, value, headers)


def changed(**attributes: bytes | None) -> list[Header]:
    return [(name, attributes.get(name, value)) for name, value in RECORD.headers]


def without(name: str) -> list[Header]:
    return [header for header in RECORD.headers if header[0] != name]


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=zones)
facts = st.builds(
    Recorded,
    st.just("shop"),
    st.integers(1, 2**63 - 1),
    texts,
    texts,
    st.integers(1, 2**31 - 1),
    texts,
    st.uuids(),
    times,
    times,
    texts,
    st.uuids(),
    st.none() | st.uuids(),
    st.none() | texts,
    texts,
)


@given(fact=facts, partitions=st.integers(1, 64))
def test_what_is_written_can_be_read(fact: Recorded, partitions: int) -> None:
    place, record = Writer("shop", partitions).record(passing(fact), [fact.position - 1] * partitions)
    back = read(record.headers, record.value, place)
    assert back == Placed(fact._replace(data=str(fact.data).encode()), fact.position - 1, partitions)
    assert back.recorded.at.utcoffset() == fact.at.utcoffset()


def test_a_record_is_a_binary_mode_cloudevent() -> None:
    assert (
        Record(
            "acmeshop.till-ä".encode(),
            b'{"a":1}',
            [
                ("ce_specversion", b"1.0"),
                ("ce_source", b"/luotsi/shop"),
                ("content-type", b"application/json"),
                ("ce_partitions", b"6"),
                ("ce_type", b"shop.sold"),
                ("ce_tenant", b"acme"),
                ("ce_id", b"00000000-0000-0000-0000-000000000001"),
                ("ce_subject", "shop.till-ä".encode()),
                ("ce_time", b"2027-03-01T09:00:00.000000-03:00"),
                ("ce_sequence", b"00000000000000000041"),
                ("ce_previous", b"40"),
                ("ce_partitionkey", "acmeshop.till-ä".encode()),
                ("ce_streamversion", b"3"),
                ("ce_actor", b"ada"),
                ("ce_recordedat", b"2027-03-01T12:00:00.000017+00:00"),
                ("ce_correlationid", b"00000000-0000-0000-0000-000000000002"),
                ("ce_causationid", b"00000000-0000-0000-0000-000000000003"),
                ("ce_traceparent", b"00-trace-01"),
            ],
            1803902400000,
        )
        == RECORD
    )


def test_the_order_of_headers_and_more_of_them_change_nothing() -> None:
    assert read([("extra", None), *reversed(RECORD.headers)], RECORD.value) == read(RECORD.headers, RECORD.value)


def test_of_a_fact_that_nobody_hears_only_the_place_is_read() -> None:
    assert read(RECORD.headers, heard=frozenset(["shop.opened"])) == Heedless(41, 40, 6)
    assert isinstance(read(RECORD.headers, heard=frozenset(["shop.sold"])), Placed)


@pytest.mark.parametrize(
    ("headers", "value", "reason"),
    [
        (None, b"{}", "foreign"),
        ([], b"{}", "foreign"),
        ([("ce_source", None), ("x", None)], b"{}", "foreign"),
        (changed(ce_source=b"/elsewhere"), b"{}", "foreign"),
        (changed(ce_source=b"/luotsi/\xff"), b"{}", "foreign"),
        (changed(ce_source=b"/luotsi/workshop"), b"{}", "foreign"),
        ([("content-type", None)], b"{}", "foreign"),
        (None, None, "tombstone"),
        ([], None, "tombstone"),
        (
            [("content-type", b"application/cloudevents+json; charset=utf-8")],
            b'{"source": "/luotsi/shop"}',
            "structured",
        ),
    ],
)
def test_what_is_not_ours_is_passed_over(headers: list[Header] | None, value: bytes | None, reason: str) -> None:
    assert read(headers, value) == PassedOver(reason)


REQUIRED = [
    "ce_specversion",
    "ce_partitions",
    "ce_type",
    "ce_id",
    "ce_subject",
    "ce_time",
    "ce_sequence",
    "ce_previous",
    "ce_tenant",
    "ce_streamversion",
    "ce_actor",
    "ce_recordedat",
    "ce_correlationid",
]
WRONG = [
    ("ce_sequence", b"first"),
    ("ce_sequence", b"40"),
    ("ce_sequence", b"-1"),
    ("ce_previous", b"-1"),
    ("ce_partitions", b"0"),
    ("ce_partitions", b"5"),
    ("ce_tenant", b"other"),
    ("ce_specversion", b"2.0"),
    ("ce_id", b"41"),
    ("ce_id", b"\xff"),
    ("ce_time", b"yesterday"),
    ("ce_time", b"2027-03-01T09:00:00"),
    ("ce_recordedat", b"2027-03-01"),
    ("ce_actor", b"a\0da"),
    ("ce_actor", b"\xc3\x28"),
    ("ce_type", b"\xff"),
    ("ce_correlationid", b""),
    ("ce_causationid", b"x"),
    ("ce_traceparent", b"\xff"),
    ("ce_streamversion", b"three"),
    ("ce_sequence", b"9" * 5000),
    ("ce_sequence", b"9" * 20),
    ("ce_partitions", b"9" * 20),
]


@pytest.mark.parametrize("name", REQUIRED)
def test_ours_with_an_attribute_missing_is_broken(name: str) -> None:
    for headers in (without(name), changed(**{name: None})):
        broken = read(headers, b"\xff")
        assert isinstance(broken, Broken)
        assert (broken.offset, broken.raw) == (7, b"\xff")
    assert name in read(without(name)).error


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_ours_with_a_wrong_attribute_is_broken(name: str, value: bytes) -> None:
    assert isinstance(read(changed(**{name: value})), Broken)


def test_ours_without_data_or_on_a_wrong_partition_is_broken() -> None:
    assert "without data" in read(RECORD.headers, None).error
    assert f"belongs to partition {PLACE} of 6" in read(RECORD.headers, place=(PLACE + 1) % 6).error


def test_the_headers_of_a_broken_record_are_shown_whatever_is_in_them() -> None:
    broken = read([("ce_source", b"/luotsi/shop"), ("a", b"\xff\0"), ("b", None)])
    assert broken.headers == r'[["ce_source", "/luotsi/shop"], ["a", "\\xff\u0000"], ["b", null]]'


headers = st.lists(st.tuples(st.sampled_from([name for name, _ in RECORD.headers]), st.none() | st.binary(max_size=40)))


@given(headers=headers, value=st.none() | st.binary(max_size=20), ours=st.booleans())
def test_no_record_is_too_strange(headers: list[Header], value: bytes | None, ours: bool) -> None:
    strange = [*RECORD.headers, *headers, ("ce_source", b"/luotsi/shop")] if ours else headers
    assert isinstance(read(strange, value), (Placed, Broken, PassedOver))
