"""What is asked of a rebuild."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shared.core.event import Recorded
from shared.replay.filling import KEPT

CHECKPOINT: Final = 100_000  # facts


@dataclass(frozen=True)
class Plan:
    """What is asked for. With `at` it becomes a build to look at: of the facts that were stored by then, never read."""

    throttle: float | None = None
    accept_parked: bool = False
    verify: bool = True
    kept: int = KEPT
    checkpoint: int = CHECKPOINT
    at: datetime | None = None
    to_position: int | None = None  # of the own store, beside `at`: several facts may have been stored at once

    @property
    def aside(self) -> bool:
        return self.at is not None

    @property
    def aim(self) -> Mapping[str, Any]:
        return {"at": self.at, "to_position": self.to_position} if self.at else {}

    def reaches(self, recorded: Recorded, service: str) -> bool:
        if self.at is None:
            return True
        further = self.to_position is not None and recorded.source == service and recorded.position > self.to_position
        return recorded.recorded_at <= self.at and not further
