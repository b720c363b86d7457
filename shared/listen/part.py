"""What a listener does with facts, which failures pass, and how the fact that one can be blamed for is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.feed.batch import Gap
from shared.listen import parking
from shared.listen.decode import Heard
from shared.listen.parking import Parking, StreamKey, TooManyBlocked
from shared.listen.turns import savepoint
from shared.store.answers import Conflict, OutcomeUnknown
from shared.store.database import Driver, is_transient


class Part(Protocol):
    """Applies facts in their order, on the connection that has the listener's lock.

    A fact that fails alone, and what follows it in its stream, comes back to be parked; nothing of it is applied.
    `blocked` are the streams of which nothing may be applied; a failing fact adds its own.
    """

    async def apply(self, driver: Driver, facts: Sequence[Heard], blocked: set[StreamKey]) -> list[Parking]: ...


class Again(Exception):
    """Something has changed between the preparation and the lock: prepare once more."""


@dataclass(frozen=True, slots=True)
class Bisected:
    """A part whose database says no to some fact: halved, under savepoints, until that fact stands alone."""

    part: Part

    async def apply(self, driver: Driver, facts: Sequence[Heard], blocked: set[StreamKey]) -> list[Parking]:
        trial = set(blocked)
        try:
            async with savepoint(driver):
                parked = await self.part.apply(driver, facts, trial)
        except Exception as error:
            if not is_poison(error):
                raise
            return await self._halve(driver, facts, blocked, error)
        blocked |= trial
        return parked

    async def _halve(
        self, driver: Driver, facts: Sequence[Heard], blocked: set[StreamKey], error: Exception
    ) -> list[Parking]:
        if len(facts) == 1:
            blocked.add(parking.key_of(facts[0].recorded))
            return [Parking(facts[0].recorded, parking.words_of(error))]
        middle = len(facts) // 2
        first = await self.apply(driver, facts[:middle], blocked)
        return first + await self.apply(driver, facts[middle:], blocked)


def passes(error: BaseException) -> bool:
    """True for what time heals: the same facts are brought again."""
    return is_transient(error) or isinstance(error, (Conflict, OutcomeUnknown))


def is_poison(error: Exception) -> bool:
    """False for outages, and for what no fact can be blamed for: class 42 is a statement that is wrong for all."""
    if isinstance(error, (Again, Gap, TooManyBlocked)) or passes(error):
        return False
    return not str(getattr(error, "sqlstate", None) or "").startswith("42")
