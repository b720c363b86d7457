"""What one candidate was shown, has gone through, or withdrew from."""

from datetime import date
from uuid import UUID

import pytest

from services.onboarding.deciders.preview import (
    AcknowledgePreview,
    PreviewCommand,
    ShowPreview,
    WithdrawCandidate,
    preview,
)
from services.onboarding.events.preview import (
    CandidateWithdrew,
    MaterialPublished,
    MaterialRetired,
    PreviewAcknowledged,
    PreviewShown,
)
from services.onboarding.events.shapes import Measure, Section
from shared.testing.scenario import Scenario

AINO, MATERIAL, OTHER_MATERIAL = UUID(int=1), UUID(int=21), UUID(int=22)
TODAY, TOMORROW = date(2027, 3, 1), date(2027, 3, 2)
given = Scenario(preview).given

MEASURES = Section(
    topic="measures",
    title="What is measured",
    body="Nothing without a reason.",
    measures=(
        Measure(measure="on-time", why="availability", reason="The others count on you."),
        Measure(measure="solved", why="competence", reason="The customer need not call again."),
    ),
)
AGAIN = MEASURES.model_copy(update={"topic": "work-rhythm", "measures": MEASURES.measures[:1]})

published = MaterialPublished(material_id=MATERIAL, version=1, role_code="agent", sections=(AGAIN, MEASURES))
published_anew = published.model_copy(update={"version": 2})
published_other = published.model_copy(update={"material_id": OTHER_MATERIAL, "role_code": "trainer"})
retired = MaterialRetired(material_id=MATERIAL)

show = ShowPreview(candidate_id=AINO, material_id=MATERIAL, shown_on=TODAY)
acknowledge = AcknowledgePreview(candidate_id=AINO, understood=("solved", "on-time"), questions="Who helps me?")
withdraw = WithdrawCandidate(candidate_id=AINO, reason="other-job")

shown = PreviewShown(
    candidate_id=AINO,
    material_id=MATERIAL,
    version=1,
    role_code="agent",
    measures=("on-time", "solved"),
    shown_on=TODAY,
)
shown_anew = shown.model_copy(update={"version": 2})
shown_other = shown.model_copy(update={"material_id": OTHER_MATERIAL, "role_code": "trainer"})
acknowledged = PreviewAcknowledged(
    candidate_id=AINO, version=1, understood=("solved", "on-time"), questions="Who helps me?"
)
withdrew = CandidateWithdrew(candidate_id=AINO, reason="other-job")


def test_a_candidate_is_shown_the_newest_version() -> None:
    given().when(show, material=[published]).then(shown)
    given().when(show, material=[published, published_anew]).then(shown_anew)


def test_the_stream_is_named_after_the_candidate() -> None:
    assert preview.stream(show) == f"onboarding.preview-{AINO}"


def test_showing_it_again_changes_nothing() -> None:
    given(shown).when(show, material=[published]).then_nothing()
    given(shown, acknowledged).when(show, material=[published]).then_nothing()
    given(shown, withdrew).when(show, material=[published]).then_nothing()
    given(shown).when(show, material=[published, retired]).then_nothing()


def test_a_newer_version_is_shown_again_and_has_to_be_gone_through_again() -> None:
    given(shown, acknowledged).when(show, material=[published, published_anew]).then(shown_anew)
    given(shown, acknowledged, shown_anew).when(acknowledge).then(acknowledged.model_copy(update={"version": 2}))


def test_the_preview_of_another_role_is_shown_too() -> None:
    show_other = show.model_copy(update={"material_id": OTHER_MATERIAL})
    given(shown).when(show_other, material=[published_other]).then(shown_other)


@pytest.mark.parametrize("material", [[], [published, retired]], ids=["never published", "retired"])
def test_only_a_published_preview_is_shown(material: list[MaterialPublished]) -> None:
    given().when(show, material=material).then_rejected("material-unpublished")
    given(shown_other).when(show, material=material).then_rejected("material-unpublished")


def test_what_has_not_been_shown_yet_is_not_recorded() -> None:
    tomorrow = show.model_copy(update={"shown_on": TOMORROW})
    given().when(tomorrow, material=[published]).then_rejected("in-the-future")


def test_the_preview_is_gone_through() -> None:
    given(shown).when(acknowledge).then(acknowledged)


def test_going_through_it_again_changes_nothing() -> None:
    given(shown, acknowledged).when(acknowledge).then_nothing()
    given(shown, acknowledged, withdrew).when(acknowledge).then_nothing()


def test_a_later_question_is_acknowledged_anew() -> None:
    question = acknowledge.model_copy(update={"questions": "May I work from home?"})
    given(shown, acknowledged).when(question).then(
        acknowledged.model_copy(update={"questions": "May I work from home?"})
    )


@pytest.mark.parametrize("understood", [("on-time",), ("solved", "something-else")])
def test_every_measure_is_gone_through(understood: tuple[str, ...]) -> None:
    lacking = acknowledge.model_copy(update={"understood": understood})
    given(shown).when(lacking).then_rejected("measures-not-covered")
    given(shown, acknowledged).when(lacking).then_rejected("measures-not-covered")


@pytest.mark.parametrize("before", [(shown,), (shown, acknowledged)], ids=["shown", "acknowledged"])
def test_a_candidate_withdraws(before: tuple[PreviewShown, ...]) -> None:
    given(*before).when(withdraw).then(withdrew)


def test_withdrawing_again_changes_nothing() -> None:
    given(shown, withdrew).when(withdraw).then_nothing()


@pytest.mark.parametrize("command", [acknowledge, withdraw], ids=["acknowledge", "withdraw"])
def test_a_preview_that_was_never_shown_is_unknown(command: PreviewCommand) -> None:
    given().when(command).then_rejected("unknown-preview")


def test_nothing_new_happens_after_a_withdrawal() -> None:
    gone = given(shown, withdrew)
    gone.when(acknowledge).then_rejected("preview-over")
    gone.when(withdraw.model_copy(update={"reason": "not-for-me"})).then_rejected("preview-over")
    gone.when(show, material=[published, published_anew]).then_rejected("preview-over")
    gone.when(show.model_copy(update={"material_id": OTHER_MATERIAL})).then_rejected("preview-over")
