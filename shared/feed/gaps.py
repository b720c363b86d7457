"""What to do about something missing: begin that partition again once, then stop it and say so."""

from collections.abc import Hashable

from shared.feed.batch import Gap


class Gaps:
    def __init__(self) -> None:
        self._begun_again: dict[Hashable, int] = {}
        self.stopped: dict[Hashable, Gap] = {}

    def again(self, place: Hashable, gap: Gap) -> bool:
        """True: read that place from its beginning. False: that was done already, and the gap is still there."""
        if place in self._begun_again:
            self.stopped[place] = gap
            return False
        self._begun_again[place] = gap.previous
        return True

    def forget(self, place: Hashable) -> None:
        """It is somebody else's now."""
        self._begun_again.pop(place, None)
        self.stopped.pop(place, None)

    def passed(self, place: Hashable, upto: int) -> None:
        """Facts of this place were taken: past the gap it is forgotten."""
        if upto > self._begun_again.get(place, upto):
            del self._begun_again[place]
            self.stopped.pop(place, None)
