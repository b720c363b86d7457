"""Whatever is sent to a service, by whomever, about what there is and what there is not: the answer is described."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest

from shared.store.database import Database
from tests.coaching.authorisation import coaching
from tests.onboarding.authorisation import onboarding
from tests.parts import databases
from tests.parts.postgres import Postgres
from tests.services.authorised import Organisation
from tests.services.fuzzing import assert_described, known_from, operations
from tests.services.reading import TOKENS, Stopped, show
from tests.services.serving import Serving
from tests.shared.replay.history import keep

OPERATIONS = [
    pytest.param(organisation, operation, id=f"{organisation.service.name} {operation.label}")
    for organisation in (onboarding, coaching)
    for operation in operations(organisation.service)
]


@pytest.fixture(scope="module")
def address_of(
    postgres: Postgres, template: str, unused_tcp_port_factory: Callable[[], int]
) -> Iterator[Callable[[Organisation], str]]:
    """Where the service of an organisation is: one server for all that is asked of it."""
    with ExitStack() as running:

        @cache
        def address(organisation: Organisation) -> str:
            dsn = running.enter_context(databases.fresh(postgres.dsn, template))
            return running.enter_context(serving(organisation, dsn, unused_tcp_port_factory()))

        yield address


def serving(organisation: Organisation, dsn: str, port: int) -> Serving:
    """With all of the organisation told: its own facts stored, the rows shown."""

    async def tell(database: Database) -> None:
        await show(organisation.service, database, organisation.streams)
        own = [fact.recorded for stream in organisation.streams for fact in stream]
        own = [fact for fact in own if fact.source == organisation.service.name]
        await keep(database, [fact._replace(position=position) for position, fact in enumerate(own, 1)])

    return Serving(organisation.service, TOKENS, dsn, port, prepare=tell, clock=Stopped(organisation.now))


@pytest.mark.parametrize(("organisation", "operation"), OPERATIONS)
def test_every_answer_is_described(
    address_of: Callable[[Organisation], str], organisation: Organisation, operation: Any
) -> None:
    everybody = TOKENS.issue(str(organisation.named["person_id"]), "org", "HSMATPN")
    tokens = [everybody, *(organisation.token(name, "org") for name in organisation.callers)]
    assert_described(operation, address_of(organisation), tokens, known_from(organisation.streams))
