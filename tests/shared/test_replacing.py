"""A changed row is another one, with all its other columns."""

import dataclasses
from dataclasses import dataclass

import pytest

from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class Row:
    key: int
    words: tuple[str, ...] = ()
    day: str | None = None


def test_it_is_what_dataclasses_would_make_of_it() -> None:
    row = Row(1, ("a",))
    assert replace(row, day="monday", words=()) == dataclasses.replace(row, day="monday", words=())
    assert (row, replace(row)) == (Row(1, ("a",)), row)
    assert replace(row) is not row


def test_what_is_no_column_is_refused() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        replace(Row(1), nothing=1)


def test_it_is_as_frozen_as_the_row_it_was() -> None:
    row = replace(Row(1), day="monday")
    assert type(row) is Row
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.day = "tuesday"  # type: ignore[misc]
