"""Learning packages, whoever gives them."""

import pytest

from services.coaching.deciders.package import PackageCommand, package
from services.coaching.events.package import PackageDrafted
from shared.testing.scenario import Scenario
from tests.coaching.cast import DANI, changed
from tests.coaching.learnt import (
    GIVEN,
    PACKAGE,
    draft,
    join,
    package_drafted,
    package_published,
    package_retired,
    publish_package,
    retire_package,
    trainer_joined,
)

given = Scenario(package).given
shorter = changed(draft, minutes=45)
drafted_shorter = PackageDrafted(**dict(shorter))


def test_a_package_is_drafted_and_drafted_anew() -> None:
    assert package.stream(draft) == f"coaching.package-{PACKAGE}"
    given().when(draft).then(package_drafted)
    given(package_drafted).when(draft).then_nothing()
    given(package_drafted).when(shorter).then(drafted_shorter)
    given(*GIVEN).when(shorter).then(drafted_shorter)


@pytest.mark.parametrize(("minutes", "fits"), [(15, True), (30, True), (31, False)])
def test_a_sparring_takes_a_quarter_to_half_an_hour(minutes: int, fits: bool) -> None:
    sparring = changed(draft, kind="sparring", minutes=minutes)
    if fits:
        given().when(sparring).then(PackageDrafted(**dict(sparring)))
    else:
        given().when(sparring).then_rejected("minutes-not-15-30")


@pytest.mark.parametrize("command", [join, publish_package, retire_package], ids=lambda command: type(command).__name__)
def test_a_package_that_was_never_drafted_is_unknown(command: PackageCommand) -> None:
    given().when(command).then_rejected("unknown-package")


def test_trainers_join_a_package_once() -> None:
    given(package_drafted).when(join).then(trainer_joined)
    given(*GIVEN).when(join).then_nothing()
    given(*GIVEN).when(changed(join, trainer_id=DANI)).then(trainer_joined.model_copy(update={"trainer_id": DANI}))


def test_a_package_is_published_in_versions() -> None:
    given(package_drafted, trainer_joined).when(publish_package).then(package_published)
    given(*GIVEN).when(publish_package).then_nothing()
    second = package_published.model_copy(update={"version": 2, "minutes": 45})
    given(*GIVEN, drafted_shorter).when(publish_package).then(second)
    elsewhere = changed(publish_package, material="https://intra.example/new")
    given(*GIVEN).when(elsewhere).then(
        package_published.model_copy(update={"version": 2, "material": "https://intra.example/new"})
    )


def test_what_colleagues_give_has_a_trainer() -> None:
    given(package_drafted).when(publish_package).then_rejected("no-trainer")
    bought = package_drafted.model_copy(update={"source": "external"})
    given(bought).when(publish_package).then(package_published.model_copy(update={"source": "external"}))


def test_a_retired_package_takes_nothing_more() -> None:
    for history in ([package_drafted, trainer_joined], GIVEN):
        given(*history).when(retire_package).then(package_retired)
    gone = given(*GIVEN, package_retired)
    for repeated in (retire_package, draft, join, publish_package):
        gone.when(repeated).then_nothing()
    for command in (shorter, changed(join, trainer_id=DANI), changed(publish_package, material="elsewhere")):
        gone.when(command).then_rejected("package-over")
