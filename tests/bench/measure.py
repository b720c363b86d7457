"""How a figure is taken: every run in a process of its own, ours and theirs in turn, the median of each."""

import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shared.telemetry.logs import only_warnings

T = TypeVar("T")
Run = Callable[..., float]


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: units a second, and the processor seconds that its own process used for 1,000 units."""

    rate: float
    cpu: float


@dataclass
class Result:
    """`limit` is what the same machine does without our part in it; `peers` are published libraries."""

    name: str
    unit: str
    ours: float
    peers: dict[str, float] = field(default_factory=dict)
    limit: float | None = None
    runs: int = 0
    more: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        best = max(self.peers.values(), default=None)
        return {
            "name": self.name,
            "ours": round(self.ours, 1),
            "unit": self.unit,
            "peers": {name: round(rate, 1) for name, rate in self.peers.items()},
            "limit": None if self.limit is None else round(self.limit, 1),
            "ratio": None if best is None else round(self.ours / best, 2),
            "of_limit": None if self.limit is None else round(self.ours / self.limit, 3),
            "runs": self.runs,
            "cores": os.cpu_count(),
            **self.more,
        }


def measured(run: Run, arguments: tuple[Any, ...]) -> Sample:
    """In this process and those that it starts, without what it took to start it."""
    started = _cpu()
    rate = run(*arguments)
    return Sample(rate, _cpu() - started)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def apart(run: Callable[..., T], *arguments: Any) -> T:
    """`run(*arguments)` in a new process, whose standard output stays free for results."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), only_warnings) as process:
        return process.submit(run, *arguments).result()


def alone(run: Run, *arguments: Any) -> Sample:
    """In a new process too, which returns its rate."""
    return apart(measured, run, arguments)


def interleaved(runs: int, sides: Mapping[str, Callable[[], Sample]]) -> dict[str, list[Sample]]:
    """Every side once, and again, `runs` times, so that a slow minute of the machine meets all of them."""
    samples: dict[str, list[Sample]] = {side: [] for side in sides}
    for _ in range(runs):
        for side, run in sides.items():
            samples[side].append(run())
    return samples


def median(samples: list[Sample]) -> float:
    return statistics.median(sample.rate for sample in samples)


def median_cpu(samples: list[Sample]) -> float:
    return round(statistics.median(sample.cpu for sample in samples), 4)


class Stopwatch:
    def __init__(self) -> None:
        self.started = time.perf_counter()

    def rate(self, units: int) -> float:
        return units / (time.perf_counter() - self.started)
