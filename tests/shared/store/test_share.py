"""Shares of the streams: each stream is in one of them, and SQL and Python say the same."""

from uuid import UUID

import pytest

from shared.store.database import Database
from shared.store.share import Share

NAMES = [f"bank.account-0198c0de-0000-7000-8000-00000000000{digit:x}" for digit in range(16)]
OTHERS = ["bank.day-2027-03-01", "bank.town-Åbo", "bank.town-Joensuu", "bank.x-ß", "bank.x-€", "bank.x-🙂"]


@pytest.mark.parametrize("of", [1, 2, 3, 4])
async def test_each_stream_is_in_one_share_whoever_says_so(db: Database, of: int) -> None:
    shares = [Share(number, of) for number in range(of)]
    for name in NAMES + OTHERS:
        assert sum(share.has(name) for share in shares) == 1
    async with db.driver() as driver:
        for share in shares:
            query = f"select stream from unnest($1::text[]) k (stream) where {share.where}"
            found = [name for (name,) in await driver.fetch(query, NAMES + OTHERS)]
            assert found == [name for name in NAMES + OTHERS if share.has(name)]


@pytest.mark.parametrize("of", [2, 3, 4])
def test_ids_are_spread_over_them_about_evenly(of: int) -> None:
    sizes = [sum(Share(number, of).has(name) for name in NAMES) for number in range(of)]
    assert max(sizes) - min(sizes) <= 2


def test_an_id_is_of_the_share_that_its_name_is_of() -> None:
    for each in (UUID(int=letter) for letter in range(16)):
        assert [Share(number, 3).has(each) for number in range(3)] == [
            Share(number, 3).has(str(each)) for number in range(3)
        ]
