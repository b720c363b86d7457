"""What to do about something missing: begin that partition again once, then stop it and say so."""

from collections.abc import Hashable

from shared.feed.batch import Gap


class Gaps:
    def __init__(self) -> None:
        self._begun_again: dict[Hashable, Gap] = {}
        self.stopped: dict[Hashable, Gap] = {}

    @property
    def words(self) -> list[str]:
        again = [gap for place, gap in self._begun_again.items() if place not in self.stopped]
        return [f"stopped at a gap: {gap}" for gap in self.stopped.values()] + [f"reads again: {gap}" for gap in again]

    def again(self, place: Hashable, gap: Gap) -> bool:
        """True: read that place from its beginning. False: that was done already, and the gap is still there."""
        if place in self._begun_again:
            self.stopped[place] = gap
            return False
        self._begun_again[place] = gap
        return True

    def forget(self, place: Hashable) -> None:
        """It is somebody else's now."""
        self._begun_again.pop(place, None)
        self.stopped.pop(place, None)

    def passed(self, place: Hashable, upto: int) -> None:
        """Facts of this place were taken: when nothing is missing any more, the gap is forgotten."""
        if place in self._begun_again and upto >= self._begun_again[place].previous:
            self.forget(place)
