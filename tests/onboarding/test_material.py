"""The honest preview: what must be told, and its versions."""

from typing import Literal
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.onboarding.deciders.material import PublishMaterial, RetireMaterial, material
from services.onboarding.events.preview import MaterialPublished, MaterialRetired
from services.onboarding.events.shapes import Measure, Section
from shared.testing.scenario import Scenario

MATERIAL = UUID(int=1)
given = Scenario(material).given

Topic = Literal["best-moments", "work-rhythm", "hard-days", "measures"]


def section(topic: Topic, *measures: str) -> Section:
    why = tuple(Measure(measure=each, why="availability", reason="The others count on you.") for each in measures)
    return Section(topic=topic, title="A title", body="What it is like.", measures=why)


BEST, RHYTHM, HARD = section("best-moments"), section("work-rhythm"), section("hard-days")
MEASURES = section("measures", "on-time", "solved-at-once")
HONEST = (BEST, RHYTHM, HARD, MEASURES)
REVISED = (BEST, RHYTHM, HARD, section("measures", "on-time"))


def publish(*sections: Section, role_code: str = "agent") -> PublishMaterial:
    return PublishMaterial(material_id=MATERIAL, role_code=role_code, sections=sections)


retire = RetireMaterial(material_id=MATERIAL)

published = MaterialPublished(material_id=MATERIAL, version=1, role_code="agent", sections=HONEST)
revised = MaterialPublished(material_id=MATERIAL, version=2, role_code="agent", sections=REVISED)
retired = MaterialRetired(material_id=MATERIAL)


def test_an_honest_preview_is_published() -> None:
    given().when(publish(*HONEST)).then(published)


def test_its_stream_is_named_after_it() -> None:
    assert material.stream(retire) == f"onboarding.material-{MATERIAL}"


def test_publishing_it_again_changes_nothing() -> None:
    given(published).when(publish(*HONEST)).then_nothing()
    given(published, retired).when(publish(*HONEST)).then_nothing()


def test_other_contents_are_the_next_version() -> None:
    given(published).when(publish(*REVISED)).then(revised)
    given(published, revised).when(publish(*HONEST)).then(published.model_copy(update={"version": 3}))


def test_another_role_is_the_next_version() -> None:
    given(published).when(publish(*HONEST, role_code="trainer")).then(
        published.model_copy(update={"version": 2, "role_code": "trainer"})
    )


@pytest.mark.parametrize("absent", HONEST, ids=lambda absent: absent.topic)
def test_none_of_the_four_topics_may_be_absent(absent: Section) -> None:
    told = [each for each in HONEST if each != absent]
    given().when(publish(*told, told[0])).then_rejected("topic-missing")


def test_the_measures_are_named() -> None:
    unnamed = section("measures")
    given().when(publish(section("best-moments", "on-time"), RHYTHM, HARD, unnamed)).then_rejected("measures-missing")
    given(published).when(publish(BEST, RHYTHM, HARD, unnamed)).then_rejected("measures-missing")


def test_no_more_measures_than_a_candidate_can_acknowledge() -> None:
    twenty = [f"measure-{number}" for number in range(20)]
    given().when(publish(section("best-moments", "measure-0"), RHYTHM, HARD, section("measures", *twenty))).then(
        MaterialPublished(
            material_id=MATERIAL,
            version=1,
            role_code="agent",
            sections=(section("best-moments", "measure-0"), RHYTHM, HARD, section("measures", *twenty)),
        )
    )
    with pytest.raises(ValidationError, match="20 measures"):
        publish(section("best-moments", "one-more"), RHYTHM, HARD, section("measures", *twenty))


def test_a_preview_is_retired() -> None:
    given(published).when(retire).then(retired)


def test_retiring_it_again_changes_nothing() -> None:
    given(published, retired).when(retire).then_nothing()


def test_a_preview_that_was_never_published_is_unknown() -> None:
    given().when(retire).then_rejected("unknown-material")


def test_a_retired_preview_gets_no_new_version() -> None:
    given(published, retired).when(publish(*REVISED)).then_rejected("material-over")
