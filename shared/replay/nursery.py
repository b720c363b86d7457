"""The process that lanes come from, seen from the one that rebuilds: an order goes in, reports come out.

It takes a second to load what a lane needs. A copy of a process that has it loaded takes milliseconds, and can be made
only before that one has a loop, a thread or a connection.
"""

import asyncio
import os
import signal
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Final, NoReturn

from shared.replay.order import Order

PATIENCE: Final = 5.0  # seconds: a process that was asked to end its lanes has done so by then

Start = Callable[[], "Nursery"]


@dataclass
class Nursery:
    """`orders` and `reports` are ends of its pipes. It has a process group of its own, with its lanes."""

    pid: int
    orders: int
    reports: int
    _code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, None as long as it lives."""
        return self._wait(os.WNOHANG)

    def wait(self) -> int:
        """Its exit code. To be asked once its reports have come to their end: it is ending then."""
        code = self._wait(0)
        assert code is not None
        return code

    def _wait(self, options: int) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, options)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    @asynccontextmanager
    async def carrying_out(self, order: Order) -> AsyncIterator[asyncio.StreamReader]:
        """What its lanes report. Whatever happens here, neither it nor a lane is left."""
        reports = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reports), os.fdopen(self.reports, "rb")
        )
        try:
            with suppress(BrokenPipeError), os.fdopen(self.orders, "w") as orders:
                orders.write(order.model_dump_json())
            yield reports
        finally:
            await self._end(reports)
            transport.close()

    async def _end(self, reports: asyncio.StreamReader) -> None:
        """With its lanes. It waits for them unless it was killed; until the last is gone, its reports have no end."""
        if (code := self.poll()) is None:
            os.kill(self.pid, signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE if code is None or code >= 0 else 0):
                await reports.read()
        if not reports.at_eof():
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            await reports.read()
        self.wait()


def by(command: Sequence[str]) -> Start:
    """Of a program that reads an order from its standard input, and writes reports to its standard output."""

    def start() -> Nursery:
        (order, orders), (reports, report) = os.pipe(), os.pipe()
        actions = [(os.POSIX_SPAWN_DUP2, order, 0), (os.POSIX_SPAWN_DUP2, report, 1)]
        try:
            pid = os.posix_spawn(command[0], [*command], os.environ, file_actions=actions, setpgroup=0)
        finally:
            os.close(order)
            os.close(report)
        return Nursery(pid, orders, reports)

    return start


@contextmanager
def ready(work: Callable[[], NoReturn], then: Start) -> Iterator[Start]:
    """The first is a copy of this process, made now, that does this work when it is given an order; without one it ends
    when this closes. Every other is started.
    """
    (order, orders), (reports, report) = os.pipe(), os.pipe()
    pid = os.fork()
    if not pid:
        _as_program(work, order, report, orders, reports)
    os.close(order)
    os.close(report)
    first = [Nursery(pid, orders, reports)]
    try:
        yield lambda: first.pop() if first else then()
    finally:
        for unneeded in first:
            os.close(unneeded.orders)
            os.close(unneeded.reports)
            unneeded.wait()


def _as_program(work: Callable[[], NoReturn], order: int, report: int, *of_others: int) -> NoReturn:
    """Nothing of whoever called is gone on with here, whatever happens."""
    try:
        os.setpgid(0, 0)
        os.dup2(order, 0)
        os.dup2(report, 1)
        for end in (order, report, *of_others):
            os.close(end)
        work()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)
