"""What may be asked about learning: evaluations, mappings, trainers, trainings."""

from shared.core.access import Ask

ASKS: tuple[Ask, ...] = ()
