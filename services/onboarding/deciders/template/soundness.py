"""What makes a plan fit to be followed: every stage can be gone through to its end, and verified."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain

from services.onboarding.events.shapes import KitItem, Stage
from shared.core.decider import Rejected


def refuse_repeated_codes(kit: Sequence[KitItem], stages: Sequence[Stage]) -> None:
    _refuse_repeated("the kit", (item.code for item in kit))
    _refuse_repeated("the plan", (stage.code for stage in stages))
    for stage in stages:
        asked_for = chain((each.code for each in stage.requirements), (each.code for each in stage.checks))
        _refuse_repeated(stage.code, asked_for)
        for codes in (stage.topics, stage.supported, stage.unlocks):
            _refuse_repeated(stage.code, codes)
        for check in stage.checks:
            _refuse_repeated(check.code, (question.code for question in check.questions))


def _refuse_repeated(where: str, codes: Iterable[str]) -> None:
    if repeated := [code for code, times in Counter(codes).items() if times > 1]:
        raise Rejected("code-repeated", f"{where} has these more than once: {', '.join(repeated)}")


def refuse_unfit(stages: Sequence[Stage]) -> None:
    """What a published version must not have. A draft may: it is unfinished."""
    for stage in stages:
        _refuse_unverified(stage)
    _refuse_unlocked_twice(stages)
    for stage in stages:
        _refuse_many(stage)
    _refuse_closed_contacts(stages)
    _refuse_late_contacts(stages)


def _refuse_unverified(stage: Stage) -> None:
    if not stage.requirements and not stage.checks:
        raise Rejected("stage-unverified", f"{stage.code} has no check and no requirement")
    if unmarked := [check.code for check in stage.checks if check.kind == "exam" and check.pass_mark is None]:
        raise Rejected("pass-mark-missing", f"an exam needs a pass mark: {', '.join(unmarked)}")
    if stage.supported and not {"monitor", "coach"} & {requirement.kind for requirement in stage.requirements}:
        raise Rejected("monitoring-missing", f"contacts are taken in {stage.code}, but nobody monitors or coaches")


def _refuse_unlocked_twice(stages: Sequence[Stage]) -> None:
    unlocks = Counter(kind for stage in stages for kind in stage.unlocks)
    if repeated := [kind for kind, times in unlocks.items() if times > 1]:
        raise Rejected("unlock-repeated", f"two stages unlock these: {', '.join(repeated)}")


def _refuse_many(stage: Stage) -> None:
    for kind in ("sign-off", "first-contact"):
        counts = [requirement.count for requirement in stage.requirements if requirement.kind == kind]
        if sum(counts) > 1:
            raise Rejected("count-not-one", f"{stage.code} has one {kind} at most")


def _refuse_closed_contacts(stages: Sequence[Stage]) -> None:
    """Where a first contact belongs, some contact can be taken: supported there, or unlocked before."""
    unlocked = False
    for stage in stages:
        required = any(requirement.kind == "first-contact" for requirement in stage.requirements)
        belongs = required or stage.first_contact_by_day is not None
        if belongs and not stage.supported and not unlocked:
            raise Rejected("no-contact-open", f"no contact can be taken yet in {stage.code}")
        unlocked = unlocked or bool(stage.unlocks)


def _refuse_late_contacts(stages: Sequence[Stage]) -> None:
    ends = accumulate(stage.target_days for stage in stages)
    for stage, end in zip(stages, ends, strict=True):
        if stage.first_contact_by_day is not None and stage.first_contact_by_day > end:
            raise Rejected("late-first-contact", f"{stage.code} is over on day {end}, before the first contact")
