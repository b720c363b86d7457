"""The story on the embedded platform: one process, no broker."""

import pytest

from tests.e2e.conftest import Up
from tests.e2e.story import Sight, Teller
from tests.parts.databases import at_once
from tests.shared.ops.processes import SECRET

pytestmark = pytest.mark.xdist_group("stories")


def test_people_see_what_they_may_and_nothing_else(embedded_sight: Sight) -> None:
    rows = {look: len(seen) for look, seen in embedded_sight.items() if isinstance(seen, list)}
    assert rows["person hanna /v1/onboarding-progress"] == 2
    assert rows["person aino /v1/onboarding-progress"] == 1
    assert embedded_sight["candidate aino /v1/people"] == 404


def test_what_the_story_left_is_there_after_a_restart(luotsi_up: Up, embedded_sight: Sight) -> None:
    with luotsi_up() as platform:
        platform.wait_ready()
        assert at_once(Teller(platform.url, SECRET).look()) == embedded_sight
