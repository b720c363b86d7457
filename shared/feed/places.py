"""Which partitions are ours, and how far each was handed on: told beside its offset, for marks may go back alone.

A database put back from a copy has its old marks again, Kafka has the offsets of later ones. Only a comparison shows
it where no new fact comes. Until then a partition that was given to us does not count as read.
"""

import asyncio
from collections.abc import Iterable, Mapping

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from shared.feed.assemble import Reached


class Places(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self) -> None:
        self.given = asyncio.Event()
        self.uncompared: set[TopicPartition] | None = None
        self._furthest: dict[TopicPartition, Reached] = {}
        self._begun_again: dict[TopicPartition, int] = {}

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """What is under way there is finished; whoever has it next drops it by the marks."""

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self.uncompared = set(assigned)
        self._begun_again.clear()
        self.given.set()

    @property
    def trouble(self) -> str | None:
        if self.uncompared is None:
            return "it has not joined its group"
        names = ", ".join(f"{place.topic}/{place.partition}" for place in sorted(self.uncompared))
        return f"not yet compared with the marks: {names}" if names else None

    def compared(self, places: Iterable[TopicPartition]) -> None:
        if self.uncompared is not None:
            self.uncompared.difference_update(places)

    def begins_again(self, place: TopicPartition, first: int) -> None:
        """What was not done with from offset `first` on is read once more, from there or from further back."""
        self._begun_again[place] = first

    def overtaken(self, place: TopicPartition, first: int) -> bool:
        """Whether it was read ahead when its partition began again: then it comes once more, in its order."""
        if first > self._begun_again.get(place, first):
            return True
        self._begun_again.pop(place, None)
        return False

    def reached(self, place: TopicPartition, reached: Reached) -> None:
        """A relay that lost its lock may have repeated older facts: the last is not always the furthest."""
        before = self._furthest.get(place)
        if before is None or before.partitions != reached.partitions or before.upto < reached.upto:
            self._furthest[place] = reached

    def offset(self, place: TopicPartition, after: int) -> OffsetAndMetadata:
        """What is to be committed; `told` reads it."""
        reached = self._furthest.get(place)
        return OffsetAndMetadata(after, f"{reached.upto} of {reached.partitions}" if reached else "")

    def told(self, committed: Mapping[TopicPartition, OffsetAndMetadata]) -> dict[TopicPartition, Reached | None]:
        """What stands beside the offsets that there are; None where somebody else has set it."""
        found = {place: _read(each.metadata) for place, each in committed.items() if each.offset > 0}
        for place, reached in found.items():
            if reached is not None:
                self.reached(place, reached)
        return found


def _read(metadata: str) -> Reached | None:
    upto, _, partitions = metadata.partition(" of ")
    return Reached(int(partitions), int(upto)) if upto.isdecimal() and partitions.isdecimal() else None
