"""The mark rule against histories nobody would wish for: repeats, wrong offsets, late workers, other partitions."""

import random
from uuid import UUID

import pytest

from shared.core.event import Recorded
from shared.feed.batch import Batch, Delivered, Gap
from shared.listen.decode import Decoder
from shared.listen.marks import Era, Marks
from tests.shared.listen.bank import AccountClosed
from tests.shared.listen.facts import Log, batch_of

FACTS = 600
DECODER = Decoder("bank", {AccountClosed.event_name: AccountClosed})


def _log(seed: random.Random) -> Log:
    log = Log()
    for _ in range(FACTS):
        log.add(AccountClosed(account_id=UUID(int=seed.randrange(40))))
    return log


def _topic(log: Log, upto: int, n: int, seed: random.Random) -> list[list[Delivered]]:
    """Partitions as a relay leaves them that has sometimes sent a piece again."""
    found = []
    for whole in log.partitions(n):
        mine = [fact for fact in whole if fact.recorded.position <= upto]
        sent: list[Delivered] = []
        start = 0
        while start < len(mine):
            end = min(len(mine), start + seed.randrange(1, 40))
            sent += mine[start:end]
            if seed.random() < 0.3:
                sent += mine[seed.randrange(end) : end]
            start = end
        found.append(sent)
    return found


class Reader:
    """A listener with nothing but marks."""

    def __init__(self) -> None:
        self.marks = Marks("bank")
        self.applied: list[Recorded] = []

    async def take(self, batch: Batch) -> bool:
        try:
            for stretch in await DECODER.stretches([batch]):
                self.applied += [heard.recorded for heard in self.marks.take(stretch)]
        except Gap:
            return False
        return True


async def _play(seed: random.Random) -> Reader:
    log, reader, kept = _log(seed), Reader(), list[Batch]()
    for phase in range(4):
        last = phase == 3
        n, upto = seed.choice([1, 2, 3, 4, 6]), FACTS if last else seed.randrange(100, FACTS)
        topic = _topic(log, upto, n, seed)
        offsets = [seed.randrange(len(facts) + 1) for facts in topic]
        steps = 0
        while (steps := steps + 1) < seed.randrange(30, 200) or last:
            if kept and seed.random() < 0.05:
                await reader.take(seed.choice(kept))
            p = seed.randrange(n)
            facts = topic[p][offsets[p] : offsets[p] + seed.randrange(1, 30)]
            if facts:
                batch = batch_of("bank", p, n, facts)
                kept.append(batch)
                offsets[p] = offsets[p] + len(facts) if await reader.take(batch) else 0
            elif last and all(offset >= len(each) for offset, each in zip(offsets, topic, strict=True)):
                if len(reader.applied) >= FACTS:
                    break
                offsets = [0] * n
            if seed.random() < 0.02:
                offsets[p] = seed.randrange(len(topic[p]) + 1)
    return reader


@pytest.mark.parametrize("seed", range(100))
async def test_whatever_happens_every_fact_is_applied_once_and_in_its_streams_order(seed: int) -> None:
    reader = await _play(random.Random(seed))
    assert sorted(fact.position for fact in reader.applied) == list(range(1, FACTS + 1))
    newest: dict[str, int] = {}
    for fact in reader.applied:
        assert fact.version == newest.get(fact.stream, 0) + 1
        newest[fact.stream] = fact.version


async def test_a_missing_fact_inside_a_batch_stops_it_there() -> None:
    log = _log(random.Random(1))
    facts = [fact for fact in log.batch(upto=10).facts if fact.recorded.position != 6]
    reader = Reader()
    assert not await reader.take(Batch("bank", 0, 1, facts, 0, 10))
    assert [fact.position for fact in reader.applied] == [1, 2, 3, 4, 5]


async def test_a_hole_in_what_was_had_long_ago_is_no_gap() -> None:
    log, reader = _log(random.Random(1)), Reader()
    await reader.take(log.batch(upto=8))
    facts = [fact for fact in log.batch(upto=10).facts if fact.recorded.position != 6]
    assert await reader.take(Batch("bank", 0, 1, facts, 0, 10))
    assert [fact.position for fact in reader.applied] == list(range(1, 11))


async def test_a_batch_without_facts_moves_the_mark_over_what_nobody_hears() -> None:
    reader = Reader()
    assert await reader.take(Batch("bank", 0, 1, [], 0, 50))
    assert reader.marks.lowest == 50
    assert not await reader.take(Batch("bank", 0, 1, [], 60, 70))


async def test_an_older_era_is_forgotten_once_the_newest_has_passed_it() -> None:
    marks = Marks("bank", [Era(3, [7, 20])])
    reader = Reader()
    reader.marks = marks
    assert await reader.take(Batch("bank", 0, 1, [], 7, 19))
    assert [era.number for era in marks.eras] == [3, 4]
    assert await reader.take(Batch("bank", 0, 1, [], 19, 20))
    assert [era.number for era in marks.eras] == [4]
