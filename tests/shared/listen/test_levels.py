"""Which listeners lack what others have had."""

from shared.listen.levels import behind
from shared.listen.marks import Mark, collect


def marks(*positions: int) -> list[Mark]:
    return [Mark(0, partition, position) for partition, position in enumerate(positions)]


def test_who_lacks_what_another_has_had_is_behind() -> None:
    found = {"a": collect("s", marks(5, 9)), "b": collect("s", marks(5, 7)), "c": collect("s", [])}
    assert behind(found) == ["b", "c"]
    assert behind({"a": found["a"], "again": found["a"]}) == []
    assert behind({}) == []
    other = {
        "one": collect("s", marks(9)),
        "three": collect("s", marks(1, 9, 5)),
        "behind": collect("s", marks(1, 8, 5)),
    }
    assert behind(other) == ["behind"]
