"""Whatever is sent, the answer is one of those described."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from shared.store.database import Database
from shared.web.tokens import Tokens
from tests.services.fuzzing import assert_described, operations
from tests.services.serving import Serving
from tests.shared.web.bank import bank
from tests.shared.web.conftest import SECRET


async def nothing(_: Database) -> None:
    pass


@pytest.fixture
def url(database: str, unused_tcp_port: int, tokens: Tokens) -> Iterator[str]:
    with Serving(bank, tokens, database, unused_tcp_port, prepare=nothing) as url:
        yield url


@pytest.mark.parametrize("operation", operations(bank), ids=lambda operation: operation.label)
def test_every_answer_is_described(url: str, operation: Any) -> None:
    token = Tokens(secret=SECRET).issue(str(uuid4()), "org", "HSMA")
    assert_described(operation, url, [token], {})
