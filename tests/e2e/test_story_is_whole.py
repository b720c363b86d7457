"""The demo leaves out no step of the two services, and looks at every read model that a step changes."""

from collections.abc import Iterator

from demo.script import Ask, See
from demo.story import STORY

CHANGED = {
    1: "teams", 2: "people team-board cadence-compliance", 6: "preview-materials", 7: "previews", 8: "templates",
    9: "onboarding-progress welcome-list team-board", 10: "previews onboarding-progress", 11: "forms",
    12: "coaching-calendar cadence-compliance", 18: "trainer-pool mapping-rounds",
    19: "welcome-list onboarding-progress", 20: "welcome-list", 21: "welcome-list",
    22: "onboarding-progress stage-guide team-board", 23: "onboarding-progress", 24: "onboarding-progress stage-guide",
    26: "onboarding-progress check-results", 27: "onboarding-progress template-insight", 29: "role-definitions",
    30: "role-definitions", 34: "behaviour-profile stage-guide team-board",
    35: "check-results onboarding-progress team-board session-prep", 36: "goal-list", 37: "",
    39: "coaching-calendar session-prep", 40: "", 41: "mapping-rounds skills-matrix",
    43: "session-record action-list cadence-compliance stage-guide", 46: "session-record check-results stage-guide",
    47: "", 48: "skills-matrix trainer-pool team-board", 49: "onboarding-progress team-board", 51: "trainer-pool",
    52: "trainer-pool opportunities", 55: "learning-packages",
    57: "cadence-compliance action-list coach-load coaching-calendar session-record",
    58: "onboarding-progress team-board", 59: "stage-guide onboarding-progress training-calendar",
    60: "training-calendar", 64: "issue-list team-board",
    65: "training-calendar trainer-pool opportunities stage-guide", 66: "coaching-calendar cadence-compliance",
    68: "coaching-calendar", 69: "stage-guide", 70: "action-list team-board",
    71: "onboarding-progress template-insight", 76: "training-calendar", 78: "skills-matrix opportunities",
    79: "issue-list team-board", 81: "behaviour-profile", 83: "onboarding-progress template-insight", 84: "forms",
    85: "cadence-compliance goal-list recognition-list", 86: "trainer-pool opportunities",
    87: "people onboarding-progress team-board", 88: "templates coaching-calendar coach-load",
}  # fmt: skip
REFUSED = {
    6: "topic-missing", 7: "measures-not-covered", 8: "pass-mark-missing", 10: "preview-missing",
    11: "insight-missing", 12: "too-rare", 18: "announced-too-late", 21: "kit-incomplete", 24: "contact-type-locked",
    30: "side-phases-missing", 36: "behaviour-goal-missing", 37: "coaching-first", 40: "not-last-resort",
    43: "success-missing", 47: "requirements-open", 51: "rules-not-agreed agreement-missing", 52: "longer-waiting",
    55: "no-trainer", 60: "not-a-trainer minutes-not-15-30", 81: "same-evaluator", 84: "too-many-changes",
}  # fmt: skip


def test_every_step_of_the_two_services_is_played() -> None:
    assert {step.number for step in STORY} == set(CHANGED)


def test_every_read_model_that_a_step_changes_is_looked_at() -> None:
    for number, changed in CHANGED.items():
        looked_at = {part.read_model for part in _parts(number) if isinstance(part, See)}
        assert set(changed.split()) <= looked_at, f"step {number}"


def test_every_refusal_is_played() -> None:
    played = {
        number: " ".join(part.refused for part in _parts(number) if isinstance(part, Ask) and part.refused)
        for number in CHANGED
    }
    assert {number: codes for number, codes in played.items() if codes} == REFUSED


def test_it_is_told_in_the_order_of_time() -> None:
    assert [step.at for step in STORY] == sorted(step.at for step in STORY)


def _parts(number: int) -> Iterator[Ask | See]:
    for step in STORY:
        if step.number == number:
            yield from step.parts
