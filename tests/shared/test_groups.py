"""Tests that take turns on a server meet in one worker."""

import pytest


@pytest.mark.xdist_group("those who take turns")
def test_the_controller_is_told_the_group(request: pytest.FixtureRequest) -> None:
    told = request.node.nodeid.endswith("@those who take turns")
    assert told == request.config.getoption("loadgroup", False)
