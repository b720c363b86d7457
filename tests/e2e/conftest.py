"""What the story leaves behind on the embedded platform: every other way to run is compared with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

import pytest

from shared.core.clock import MovableClock
from shared.ops.embedded import keep_clock
from tests.e2e.story import Sight, Teller
from tests.parts.databases import at_once
from tests.shared.ops.commanding import PROGRAM
from tests.shared.ops.processes import SECRET, Running, running

Up = Callable[[], AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def luotsi_up(tmp_path_factory: pytest.TempPathFactory) -> Up:
    """`luotsi up` as a person starts it, every time in the same folder, where the story is long past."""
    room = tmp_path_factory.mktemp("embedded")
    (room / "data").mkdir()
    keep_clock(room / "data", MovableClock(timedelta(days=2000)))
    return partial(running, [PROGRAM, "up"], room / "log", data_dir=str(room / "data"))


@pytest.fixture(scope="session")
def embedded_sight(luotsi_up: Up) -> Sight:
    with luotsi_up() as platform:
        platform.wait_ready()
        sight = at_once(Teller(platform.url, SECRET).play())
        assert platform.terminate() == 0
    return sight
