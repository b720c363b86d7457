"""What makes a good service person in one role."""

from decimal import Decimal
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.coaching.deciders.role import DefineBehaviour, RoleCommand, WeightScales, newest_of, role
from services.coaching.deciders.role.state import Published
from services.coaching.deciders.role.suggestion import suggested
from services.coaching.events.role import BehaviourDefined, RoleEvent, WorkPhaseRecorded
from services.coaching.events.shapes import SCALES, ScaleCode
from shared.testing.scenario import Scenario
from tests.coaching.cast import changed
from tests.coaching.work import (
    ANALYSED,
    DEFINED,
    PUBLISHED,
    READY,
    ROLE,
    SUGGESTED,
    behaviour_removed,
    contribute,
    define,
    hearing_recorded,
    noting_recorded,
    noting_removed,
    publish,
    published,
    record_hearing,
    remove_behaviour,
    remove_noting,
    start,
    started,
    view_contributed,
    weigh,
    weighted,
)

given = Scenario(role).given


def test_a_definition_starts_empty() -> None:
    assert role.stream(start) == f"coaching.role-{ROLE}"
    given().when(start).then(started)
    given(started).when(start).then_nothing()
    given(*PUBLISHED).when(start).then_nothing()
    given(started).when(changed(start, title="Agent")).then_rejected("role-exists")


@pytest.mark.parametrize(
    "command",
    [record_hearing, remove_noting, contribute, define, remove_behaviour, weigh, publish],
    ids=lambda command: type(command).__name__,
)
def test_a_role_that_was_never_started_is_unknown(command: RoleCommand) -> None:
    given().when(command).then_rejected("unknown-role")


def test_phases_of_the_work_are_recorded_replaced_and_removed() -> None:
    given(started).when(record_hearing).then(hearing_recorded)
    given(started, hearing_recorded).when(record_hearing).then_nothing()
    seldom = changed(record_hearing, times_per_week=Decimal("0.1"))
    given(started, hearing_recorded).when(seldom).then(WorkPhaseRecorded(**dict(seldom)))
    given(*ANALYSED).when(remove_noting).then(noting_removed)
    given(*ANALYSED, noting_removed).when(remove_noting).then_nothing()
    with pytest.raises(ValidationError, match="names something twice"):
        changed(record_hearing, scales=("integrity", "integrity"))


def test_a_view_is_told_once_under_its_tellers_key() -> None:
    given(started).when(contribute).then(view_contributed)
    given(started, view_contributed).when(changed(contribute, text="Otherwise.")).then_nothing()


def test_behaviours_are_defined_replaced_and_removed() -> None:
    (lets_finish, *_) = DEFINED
    given(started).when(define).then(lets_finish)
    given(started, lets_finish).when(define).then_nothing()
    clearer = changed(define, statement="Waits until the customer has said it all.")
    given(started, lets_finish).when(clearer).then(BehaviourDefined(**dict(clearer)))
    given(started, lets_finish).when(remove_behaviour).then(behaviour_removed)
    given(started, lets_finish, behaviour_removed).when(remove_behaviour).then_nothing()


def test_a_scale_has_eight_behaviours_at_most() -> None:
    eight = [
        BehaviourDefined(**dict(define) | {"behaviour_id": UUID(int=number), "statement": f"Does it well, {number}."})
        for number in range(8)
    ]
    given(started, *eight).when(define).then_rejected("too-many-behaviours")
    other_words = DefineBehaviour(**dict(eight[0]) | {"statement": "Does it well in other words."})
    given(started, *eight).when(other_words).then(BehaviourDefined(**dict(other_words)))
    elsewhere = changed(define, scale="integrity")
    given(started, *eight).when(elsewhere).then(BehaviourDefined(**dict(elsewhere)))


def test_the_phases_suggest_weights() -> None:
    """log2(128) x 4 = 28 to two scales, log2(64) x 4 = 24 to one, of 52: 46.15, 26.92, 26.92."""
    assert suggested([hearing_recorded, noting_recorded]) == SUGGESTED
    assert suggested([noting_recorded])["carefulness"] == 100


def test_equal_remainders_are_rounded_up_in_the_order_of_the_scales() -> None:
    thirds = hearing_recorded.model_copy(update={"scales": ("integrity", "sales-confidence", "carefulness")})
    of_thirds = suggested([thirds])
    assert of_thirds == dict.fromkeys(SCALES, 0) | {"carefulness": 34, "sales-confidence": 33, "integrity": 33}
    sixths = suggested([hearing_recorded.model_copy(update={"scales": SCALES})])
    assert list(sixths.values()) == [17, 17, 17, 17, 16, 16]


def test_scales_are_weighted() -> None:
    given(*ANALYSED).when(weigh).then(weighted)
    given(*ANALYSED, weighted).when(weigh).then_nothing()
    given(started).when(weigh).then_rejected("phases-missing")
    given(*ANALYSED).when(changed(weigh, weights=SUGGESTED | {"integrity": 1})).then_rejected("weights-not-100")
    with pytest.raises(ValidationError, match="integrity"):
        WeightScales(role_id=ROLE, weights={"carefulness": 100}, rationale="Only this.")


def test_weights_that_the_phases_suggest_no_more_are_told_anew() -> None:
    other_work = hearing_recorded.model_copy(update={"scales": ("integrity",)})
    given(*ANALYSED, weighted, other_work).when(weigh).then_rejected("rationale-short")
    by_other_work = suggested([other_work, noting_recorded])
    reason = "The work has changed, and the weights are to be looked at in the spring."
    explained = weighted.model_copy(update={"suggested": by_other_work, "rationale": reason})
    given(*ANALYSED, weighted, other_work).when(changed(weigh, rationale=reason)).then(explained)
    given(*ANALYSED, weighted, other_work, explained).when(changed(weigh, rationale=reason)).then_nothing()


def test_who_departs_far_from_the_suggestion_says_why() -> None:
    far: dict[ScaleCode, int] = SUGGESTED | {"carefulness": 35, "integrity": 11}
    departed = changed(weigh, weights=far)
    given(*ANALYSED).when(departed).then_rejected("rationale-short")
    reason = "Promises were broken twice this winter, so integrity comes first."
    given(*ANALYSED).when(changed(departed, rationale=reason)).then(
        weighted.model_copy(update={"weights": far, "rationale": reason})
    )
    by_ten: dict[ScaleCode, int] = SUGGESTED | {"carefulness": 36, "integrity": 10}
    given(*ANALYSED).when(changed(weigh, weights=by_ten)).then(weighted.model_copy(update={"weights": by_ten}))


def test_a_role_is_published_in_versions() -> None:
    given(*READY).when(publish).then(published)
    given(*PUBLISHED).when(publish).then_nothing()
    given(*PUBLISHED, view_contributed).when(publish).then_nothing()
    second = published.model_copy(update={"version": 2, "behaviours": published.behaviours[1:], "note": "Shorter."})
    another = DEFINED[1].model_copy(update={"behaviour_id": UUID(int=1)})
    shorter = (
        *PUBLISHED,
        another,
        behaviour_removed,
        behaviour_removed.model_copy(update={"behaviour_id": UUID(int=1)}),
    )
    given(*shorter).when(changed(publish, note="Shorter.")).then(second)


@pytest.mark.parametrize(
    "later",
    [hearing_recorded, noting_removed, DEFINED[0], behaviour_removed, weighted],
    ids=lambda event: type(event).__name__,
)
def test_a_later_change_reopens_the_analysis(later: RoleEvent) -> None:
    reopened = role.fold((*PUBLISHED, later))
    assert isinstance(reopened, Published)
    assert reopened.reopened
    assert newest_of(reopened) == published


def test_what_is_published_can_be_evaluated_with() -> None:
    given(*ANALYSED, *DEFINED).when(publish).then_rejected("weights-missing")
    given(*ANALYSED, *DEFINED[1:3], weighted).when(publish).then_rejected("behaviour-missing")
    core = noting_recorded.model_copy(update={"core": True})
    given(*READY, core).when(publish).then_rejected("side-phases-missing")
    told = hearing_recorded.model_copy(update={"observed": False})
    given(*READY, told).when(publish).then_rejected("unobserved")
    half = given(*READY, noting_recorded.model_copy(update={"observed": False}))
    half.when(publish).then(published)
