"""What the story leaves behind on the embedded platform: every other way to run is compared with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from demo.story import STORY
from shared.core.clock import MovableClock
from shared.ops.embedded import keep_clock
from tests.e2e.story import Sight, Teller
from tests.parts.databases import at_once
from tests.shared.ops.commanding import PROGRAM
from tests.shared.ops.processes import SECRET, Running, running

Up = Callable[[], AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the story is long past before it is told."""
    folder = tmp_path_factory.mktemp("embedded") / "data"
    folder.mkdir()
    keep_clock(folder, MovableClock(timedelta(days=2000)))
    return folder


@pytest.fixture(scope="session")
def luotsi_up(folder: Path) -> Up:
    """`luotsi up` as a person starts it, every time in the same folder."""
    return partial(running, [PROGRAM, "up"], folder.parent / "log", data_dir=str(folder))


@pytest.fixture(scope="session")
def embedded_sight(luotsi_up: Up, folder: Path) -> Sight:
    with luotsi_up() as platform:
        platform.wait_ready()
        sight = at_once(Teller(platform.url, SECRET).play())
        assert platform.terminate() == 0
    keep_clock(folder, _moved_to(STORY[-1].at))  # what falls due later is no part of the story
    return sight


def _moved_to(instant: datetime) -> MovableClock:
    clock = MovableClock()
    clock.set(instant)
    return clock
