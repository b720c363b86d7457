"""Fills a build in lanes, for a rebuild: a copy of its process, or `python -m shared.ops.lane SERVICE`.

It reads an Order from standard input and writes Reports to standard output, a line of JSON each. A lane is a process, a
copy of this one that is made before it has a loop, a thread or a connection.
"""

import gc
import os
import signal
import sys
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import NoReturn

from shared.core.service import Service
from shared.listen.parking import words_of
from shared.ops.found import service as named
from shared.replay import nursery
from shared.replay.nursery import Start
from shared.replay.order import Order, Report, carry_out
from shared.run.loop import run_until_done
from shared.store.database import is_transient


def ready(service: Service) -> AbstractContextManager[Start]:
    """To be called before this process has a loop, a thread or a connection."""
    return nursery.ready(partial(main, service), nursery.by([sys.executable, "-m", "shared.ops.lane", service.name]))


def main(service: Service) -> NoReturn:
    """Exits with 0 when all lanes are through, or there is no order. SIGTERM ends them where they are."""
    if not (asked := os.fdopen(0, closefd=False).read()):
        os._exit(0)
    order, reports = Order.model_validate_json(asked), os.dup(1)
    os.dup2(2, 1)  # whatever else is printed is no report
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    lanes = [_forked(service, order, number, reports) for number in range(order.lanes)]
    signal.signal(signal.SIGTERM, lambda *_: _end(lanes))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    codes = [os.waitpid(lane, 0)[1] for lane in lanes]
    os._exit(any(codes))


def _end(lanes: list[int]) -> None:
    for lane in lanes:
        with suppress(ProcessLookupError):
            os.kill(lane, signal.SIGKILL)


def _forked(service: Service, order: Order, number: int, reports: int) -> int:
    process = os.fork()
    if not process:
        os._exit(_lane(service, order, number, reports))
    return process


def _lane(service: Service, order: Order, number: int, reports: int) -> int:
    say = partial(_say, reports)
    try:
        run_until_done(carry_out(service, order, number, say))
    except BrokenPipeError:
        return 1  # nobody runs this rebuild any more
    except Exception as error:
        say(Report(failed=words_of(error), transient=is_transient(error)))
        return 1
    return 0


def _say(reports: int, report: Report) -> None:
    os.write(reports, report.model_dump_json().encode() + b"\n")


if __name__ == "__main__":
    gc.disable()  # as for a rebuild in one process
    main(named(sys.argv[1]))
