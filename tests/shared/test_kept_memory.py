"""What batches leave behind is used for the next ones: the kernel is not asked for it again."""

import multiprocessing
import platform
import resource
from concurrent.futures import ProcessPoolExecutor

import pytest

from shared.run.loop import run_until_done

ROUNDS, BATCHES, SIZE = 50, 6, 3 << 20
PAGES = BATCHES * SIZE // resource.getpagesize()


async def _rounds() -> int:
    """Page faults of rounds, each of which has some batches at once and lets go of all."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(ROUNDS):
        batches = [b"x" * SIZE for _ in range(BATCHES)]
        batches.clear()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _faults() -> int:
    return run_until_done(_rounds())


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of GNU's C library")
def test_memory_is_kept_from_one_round_to_the_next() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        assert process.submit(_faults).result() < 2 * PAGES
