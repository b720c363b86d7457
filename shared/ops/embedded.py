"""The embedded platform as the settings say: its folder, its secret, its clock."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from shared.core.clock import Clock, MovableClock, SystemClock
from shared.embedded.platform import Platform
from shared.embedded.postgres import EmbeddedFailed
from shared.embedded.roads import MakeRoad, StoreRoad
from shared.ops.found import services
from shared.ops.printing import Failed
from shared.ops.roles import REBUILD
from shared.ops.settings import Settings
from shared.ops.token import secret, tokens_of
from shared.run.inside import Setting
from shared.run.serving import AddressTaken
from shared.run.supervising import EndedUnexpectedly

_CLOCK = "clock"  # seconds that a clock which was moved is ahead: such a folder goes on from there


@asynccontextmanager
async def running(settings: Settings, clock: Clock, make_road: MakeRoad = StoreRoad) -> AsyncIterator[Platform]:
    """The platform, answering; stopped whole at the end."""
    tokens = tokens_of(settings, secret(settings))
    rebuild = partial(_rebuild, settings.data_dir.absolute())
    setting = Setting(clock, tokens, settings.time_zone, settings.pool, rebuild)
    platform = Platform(services(), settings.data_dir, setting, settings.http_host, settings.http_port, make_road)
    try:
        await platform.start()
        try:
            yield platform
        finally:
            await platform.stop()
    except (EmbeddedFailed, AddressTaken, EndedUnexpectedly) as error:
        raise Failed(str(error)) from error


def _rebuild(folder: Path, service: str) -> tuple[str, ...]:
    """What the service by itself would start, beside this process, on the same folder."""
    return "env", f"LUOTSI_DATA_DIR={folder}", sys.executable, "-m", f"services.{service}", REBUILD


def clock_of(settings: Settings) -> Clock:
    ahead = _kept(settings.data_dir)
    return SystemClock() if ahead is None and settings.clock == "system" else MovableClock(ahead or timedelta())


def _kept(folder: Path) -> timedelta | None:
    try:
        return timedelta(seconds=float((folder / _CLOCK).read_text()))
    except FileNotFoundError:
        return None


def keep_clock(folder: Path, clock: MovableClock) -> None:
    (folder / _CLOCK).write_text(f"{clock.ahead.total_seconds()}\n")
