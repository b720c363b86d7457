"""Nine weeks in Tampere, step by step, in the order of time."""

from collections.abc import Sequence

from demo.script import Step
from demo.story import at_the_end, before_the_first_day, first_days, towards_own_contacts

STORY: Sequence[Step] = (
    *before_the_first_day.STEPS,
    *first_days.STEPS,
    *towards_own_contacts.STEPS,
    *at_the_end.STEPS,
)
