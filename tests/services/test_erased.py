"""People whose keys are gone, read by everybody over HTTP: the answers are there, and nothing personal is in them."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from shared.store.codec import marked
from shared.store.database import Database
from shared.testing.interleavings import Fact, erased
from shared.web.queries import path_of
from tests.coaching.authorisation import coaching
from tests.coaching.test_conversations_any_order import STREAMS as CONVERSATIONS
from tests.coaching.test_learning_any_order import STREAMS as LEARNING
from tests.onboarding.authorisation import onboarding
from tests.onboarding.test_readmodels_any_order import STREAMS as ONBOARDING
from tests.services.authorised import Organisation
from tests.services.reading import Reading

Streams = Sequence[Sequence[Fact]]
Answers = Mapping[tuple[str, str, int], Any]
ORGANISATIONS = (
    (onboarding, (ONBOARDING,)),
    (coaching, (CONVERSATIONS, LEARNING)),
)


def with_everything(organisation: Organisation, *told: Mapping[str, tuple[Any, Streams]]) -> Organisation:
    """And every fact that its read models hear."""
    every = [stream for streams in told for _, of_one in streams.values() for stream in of_one]
    by_name = {stream[0].recorded.stream: stream for stream in (*every, *organisation.streams)}
    by_name |= {stream[0].recorded.stream: stream for stream in every if len(stream) > len(by_name[_name(stream)])}
    return replace(organisation, streams=tuple(by_name.values()))


def _name(stream: Sequence[Fact]) -> str:
    return stream[0].recorded.stream


def personal(streams: Streams) -> set[str]:
    """What was said in words: a code or an id may stand in an answer for another reason."""
    return {
        text
        for fact in (fact for stream in streams for fact in stream)
        for path, _ in marked(type(fact.event))
        for text in _texts(fact.event.model_dump(mode="json"), path)
        if " " in text
    }


def _texts(value: Any, path: Sequence[str]) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each, path)
    elif path:
        yield from _texts(value[path[0]], path[1:]) if value is not None else ()
    elif isinstance(value, str):
        yield value


async def answers(organisation: Organisation, reading: Reading) -> Answers:
    """Of every query, to every caller; each is an answer, and no failure."""
    found = {}
    for path in map(path_of, organisation.queries):
        for nth, asked in enumerate(organisation.asked_for.get(path.removeprefix("/v1/"), ({},))):
            for name in organisation.callers:
                answer = await reading.client.get(
                    path, params={"limit": "500", **asked}, headers=organisation.headers(name, "org")
                )
                assert answer.status_code in (200, 404), f"{path} to {name}: {answer.text}"
                found[path, name, nth] = answer.json().get("items")
    return found


@pytest.fixture(params=ORGANISATIONS, ids=lambda param: param[0].service.name)
def organisation(request: pytest.FixtureRequest) -> Organisation:
    known, told = request.param
    return with_everything(known, *told)


@pytest.fixture
async def reading(organisation: Organisation, database: str) -> AsyncIterator[Reading]:
    reading = Reading(organisation.service, Database(database), organisation.callers["H"].person, organisation.now)
    yield reading
    await reading.close()


async def test_who_was_erased_is_null_in_every_answer(organisation: Organisation, reading: Reading) -> None:
    texts = personal(organisation.streams)
    await reading.told(*organisation.streams)
    before = await answers(organisation, reading)
    assert _in(before, texts), "there is something to erase"
    await reading.told(*([erased(fact) for fact in stream] for stream in organisation.streams))
    after = await answers(organisation, reading)
    assert _in(after, texts) == set()
    fewer = {asked[0] for asked, items in after.items() if _size(items) != _size(before[asked])}
    assert fewer <= {"/v1/issue-list"}, "only that somebody raised an issue is forgotten: then it is not theirs"


def _in(answers: Answers, texts: set[str]) -> set[str]:
    whole = str(list(answers.values()))
    return {text for text in texts if text in whole}


def _size(items: Sequence[Any] | None) -> int | None:
    return None if items is None else len(items)
