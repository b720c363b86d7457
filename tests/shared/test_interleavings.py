"""The proof of order can fail: read models that are wrong in one way each."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from uuid import UUID

import pytest

from shared.core.event import Event, Personal, Recorded
from shared.core.readmodel import ReadModel, Rows
from shared.testing.interleavings import assert_any_order, assert_folds_erased, folded, history


class Painted(Event, name="test.painted"):
    house: UUID
    painter: UUID
    colour: str
    note: Annotated[str | None, Personal("painter")] = None


@dataclass(frozen=True, slots=True)
class House:
    house: UUID
    colours: dict[str, str] = field(default_factory=dict)
    newest: str | None = None
    note: Annotated[str | None, Personal("house")] = None


HOUSE, ANNA, BO = (UUID(int=n) for n in range(1, 4))
ANNAS = history(
    "test.painter-a", *(Painted(house=HOUSE, painter=ANNA, colour=each, note="!") for each in ["red", "blue"])
)
BOS = history("test.painter-b", Painted(house=HOUSE, painter=BO, colour="green"))


def by_painter(row: House | None, event: Painted, _: Recorded) -> House:
    row = row or House(event.house)
    return replace(row, colours={**row.colours, str(event.painter): event.colour})


def by_anybody(row: House | None, event: Painted, _: Recorded) -> House:
    return replace(row or House(event.house), newest=event.colour)


def in_place(row: House | None, event: Painted, _: Recorded) -> House:
    row = row or House(event.house)
    row.colours[str(event.painter)] = event.colour
    return row


def looking(row: House | None, event: Painted, _: Recorded) -> House:
    return replace(row or House(event.house), note=(event.note or "nothing") + " was noted")


def read_model(fold: Any) -> ReadModel:
    rows = Rows(House, key=("house",), hears=Painted, rows_of=lambda event, _: event.house, fold=fold)
    return ReadModel("houses", version=1, rows=[rows])


def test_a_column_for_each_stream_passes() -> None:
    assert_any_order(read_model(by_painter), ANNAS, BOS)
    assert_folds_erased(read_model(by_painter), ANNAS, BOS)
    assert folded(read_model(by_painter), ANNAS)[House] == {HOUSE: House(HOUSE, {str(ANNA): "blue"})}


def test_a_column_of_two_streams_is_found() -> None:
    with pytest.raises(AssertionError):
        assert_any_order(read_model(by_anybody), ANNAS, BOS)


def test_a_fold_that_changes_its_row_is_found() -> None:
    with pytest.raises(AssertionError, match="changed the row it was given"):
        folded(read_model(in_place), ANNAS)


def test_a_fold_that_looks_into_what_is_personal_is_found() -> None:
    with pytest.raises(AssertionError, match="still shows note"):
        assert_folds_erased(read_model(looking), ANNAS, BOS)


def test_rows_that_nothing_folds_prove_nothing() -> None:
    with pytest.raises(AssertionError, match="no fact touches House"):
        assert_any_order(read_model(by_painter))
