"""The gate: what may change in a fact that has been written, and who is named when it may not."""

import re
from typing import Any

import pytest

from shared.contracts.compatibility import breaks, refusals
from shared.core.service import Service
from tests.shared.store.till import MoneyTaken, shop

till_id = {"type": "string", "format": "uuid"}
OLD: dict[str, Any] = {
    "title": "shop.money-taken",
    "type": "object",
    "$defs": {"Coin": {"type": "object", "properties": {"cents": {"type": "integer"}}, "required": ["cents"]}},
    "properties": {
        "till_id": till_id,
        "cents": {"type": "integer"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "coins": {"type": "array", "items": {"$ref": "#/$defs/Coin"}},
    },
    "required": ["till_id", "cents", "coins"],
}


def changed(**fields: Any) -> dict[str, Any]:
    kept = {name: field for name, field in {**OLD["properties"], **fields}.items() if field is not None}
    required = [name for name in OLD["required"] if name in kept]
    return {**OLD, "properties": kept, "required": required}


def with_coin(**coin: Any) -> dict[str, Any]:
    return {**OLD, "$defs": {"Coin": {**OLD["$defs"]["Coin"], **coin}}}


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        {**OLD, "description": "other words"},
        changed(tip={"type": "integer", "default": 0}),
        {**changed(tip={"type": "integer", "default": 0}), "required": [*OLD["required"], "tip"]},
        changed(cents={"type": "integer", "title": "Cents", "description": "how much"}),
        with_coin(properties={"cents": {"type": "integer"}, "year": {"type": "integer", "default": 0}}),
    ],
)
def test_facts_grow_by_fields_with_defaults_and_by_words(new: dict[str, Any]) -> None:
    assert breaks("shop.money-taken", OLD, new) == []


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (changed(cents=None), "cents is removed"),
        (changed(cents={"type": "string"}), "cents changed"),
        (changed(cents={"type": "integer", "maximum": 5}), "cents changed"),
        (changed(cents={"type": "integer", "x-never-seen": 1}), "cents changed"),
        (changed(cents={"anyOf": [{"type": "integer"}, {"type": "null"}]}), "cents changed"),
        (changed(note={"type": "string", "default": ""}), "note changed"),
        (changed(till_id={"type": "string"}), "till_id changed"),
        ({**changed(tip={"type": "integer"}), "required": [*OLD["required"], "tip"]}, "tip is new and has no default"),
        ({**changed(note={"anyOf": OLD["properties"]["note"]["anyOf"]}), "required": [*OLD["required"], "note"]},
         "note was optional and is required now"),
        (with_coin(properties={"cents": {"type": "number"}}), r"coins\[\].cents changed"),
        (with_coin(properties={}), r"coins\[\].cents is removed"),
        ({**OLD, "additionalProperties": False}, "the fact changed"),
    ],
)  # fmt: skip
def test_whatever_else_changes_is_refused(new: dict[str, Any], why: str) -> None:
    (line,) = breaks("shop.money-taken", OLD, new)
    assert line.startswith("shop.money-taken: ")
    assert re.search(why, line)


def test_a_refusal_names_the_inboxes_that_read_the_field() -> None:
    bank = Service(name="bank", events=MoneyTaken, inbox=MoneyTaken, deciders=[], asks=[], directory=shop.directory)
    deaf = Service(name="deaf", events=MoneyTaken, deciders=[], asks=[], directory=shop.directory)
    written, now = {"shop.money-taken": OLD}, {"shop.money-taken": changed(cents={"type": "string"})}
    (line,) = refusals([bank, deaf], written, now)
    assert line.endswith("; would break services/bank/inbox.py")
    assert refusals([bank], {"shop.money-taken": OLD}, {}) == [
        "shop.money-taken: is not told any more; would break services/bank/inbox.py"
    ]
    (unread,) = refusals([bank], written, {"shop.money-taken": changed(coins=None)})
    assert "would break" not in unread
