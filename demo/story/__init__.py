"""Nine weeks in Tampere, step by step, in the order of time. Each file tells one thread of it."""

from collections.abc import Sequence

from demo.script import Step
from demo.story import (
    at_the_end,
    before_the_first_day,
    conversations,
    first_days,
    good_work,
    matters,
    second_round,
    teaching,
    towards_own_contacts,
)

_THREADS = (
    before_the_first_day.STEPS,
    first_days.STEPS,
    conversations.STEPS,
    good_work.STEPS,
    towards_own_contacts.STEPS,
    teaching.STEPS,
    matters.STEPS,
    second_round.STEPS,
    at_the_end.STEPS,
)
STORY: Sequence[Step] = sorted((step for thread in _THREADS for step in thread), key=lambda step: step.at)
