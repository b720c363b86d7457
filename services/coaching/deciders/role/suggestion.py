"""Which weights the recorded phases of the work suggest for the six scales."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import log2

from services.coaching.events.role import WorkPhaseRecorded
from services.coaching.events.shapes import SCALES, ScaleCode

WHOLE = 100


def impact(times_per_week: Decimal, error_effect: int) -> float:
    """How much a phase weighs: often counts, but less and less; what an error spoils counts in full."""
    return log2(1 + float(times_per_week)) * error_effect


def suggested(phases: Iterable[WorkPhaseRecorded]) -> Mapping[ScaleCode, int]:
    """Each scale's share of all impact in whole per cent; together 100. There is at least one phase."""
    impacts = dict.fromkeys(SCALES, 0.0)
    for phase in phases:
        for scale in phase.scales:
            impacts[scale] += impact(phase.times_per_week, phase.error_effect) / len(phase.scales)
    whole = sum(impacts.values())
    return _rounded({scale: WHOLE * part / whole for scale, part in impacts.items()})


def _rounded(shares: Mapping[ScaleCode, float]) -> Mapping[ScaleCode, int]:
    """Largest remainder; of equal remainders the scale that is named first. Noise of the logarithm is no remainder."""
    exact = {scale: round(share, 9) for scale, share in shares.items()}
    floors = {scale: int(share) for scale, share in exact.items()}
    by_remainder = sorted(SCALES, key=lambda scale: round(floors[scale] - exact[scale], 9))
    up = by_remainder[: WHOLE - sum(floors.values())]
    return {scale: floors[scale] + (scale in up) for scale in SCALES}
