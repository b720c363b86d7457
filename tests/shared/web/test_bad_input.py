"""What is not a request as described is a problem that says so, and reaches nothing behind."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from shared.core.clock import Clock
from shared.core.decider import Command
from shared.core.ids import derive
from shared.listen.waiting import Waiter
from shared.store.answers import Receipt, Request
from shared.store.database import Database
from shared.store.store import EventStore
from shared.web.app import DESCRIPTION, create_api
from shared.web.tokens import Tokens
from tests.shared.web.bank import bank
from tests.shared.web.conftest import Api, Crew, Meet, Person, client_of

LIMIT = 1024 * 1024


class UnaskedDesk:
    async def ask(self, command: Command, request: Request) -> Receipt:
        raise AssertionError(f"{command} has come through")

    async def answered(self, command: Command, request: Request) -> Receipt | None:
        return None


@pytest.fixture
async def stranger(tokens: Tokens, clock: Clock) -> AsyncIterator[Person]:
    """Somebody before a service behind whose door there is nothing: what is refused there never got through."""
    nowhere: Any = Database("postgresql://nobody@127.0.0.1:1/none")
    api = create_api(bank, desk=UnaskedDesk(), database=nowhere, clock=clock, tokens=tokens, waiter=Waiter(nowhere))
    async with client_of(api) as client:
        yield Person(client, tokens, "H", "org", None)
    await nowhere.close()


async def post(person: Person, body: bytes | str, content_type: str = "application/json") -> httpx.Response:
    headers = person.headers | {"Content-Type": content_type}
    return await person.client.post("/v1/open-account", content=body, headers=headers)


def opening(**changed: str) -> str:
    fields = {name: f'"{uuid4()}"' for name in ("account_id", "person_id", "team_id")} | changed
    return "{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}"


@pytest.mark.parametrize("body", ["", "{", '{"account_id": ', "nonsense", "{} {}", "[" * 10_000])
async def test_malformed_json(stranger: Person, body: str) -> None:
    await assert_broken(stranger, body, "json_invalid")


@pytest.mark.parametrize("body", ["[]", '"text"', "null"])
async def test_json_that_is_no_object(stranger: Person, body: str) -> None:
    await assert_broken(stranger, body, "model_type")


async def test_text_that_cannot_be_kept_as_the_whole_body(stranger: Person) -> None:
    await assert_broken(stranger, r'"\u0000"', "text")


async def assert_broken(person: Person, body: str, rule: str) -> None:
    """The whole body does not fit: no field has a name to be told."""
    answer = await post(person, body)
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (
        422,
        "invalid",
        "does not fit: body",
    )
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [("body", rule)]


@pytest.mark.parametrize(
    ("changed", "field", "rule"),
    [
        ({"account_id": '"no uuid"'}, "account_id", "uuid_parsing"),
        ({"account_id": "7"}, "account_id", "uuid_type"),
        ({"note": "5"}, "note", "string_type"),
        ({"note": f'"{"x" * 81}"'}, "note", "string_too_long"),
        ({"note": '""'}, "note", "string_too_short"),
        ({"surprise": "1"}, "surprise", "extra_forbidden"),
        ({"labels": '[{"code": "ok", "surprise": 1}]'}, "labels.0.surprise", "extra_forbidden"),
        ({"labels": '[{"code": "Not A Code"}]'}, "labels.0.code", "string_pattern_mismatch"),
        ({"labels": "{}"}, "labels", "tuple_type"),
        ({"limits": '{"a": "1"}'}, "limits.a", "int_type"),
        ({"limits": '{"a": 1.5}'}, "limits.a", "int_type"),
        ({"note": r'"a\u0000b"'}, "note", "text"),
        ({"labels": r'[{"code": "ok", "words": "\u0000"}]'}, "labels.0.words", "text"),
        ({"limits": r'{"a\u0000": 1}'}, "limits.a\N{REPLACEMENT CHARACTER}", "text"),
        ({"note": r'"half \ud800 a pair"'}, "note", "text"),
        ({"note": r'"\udc00"'}, "note", "text"),
    ],
)
async def test_every_field_that_does_not_fit_is_named(
    stranger: Person, changed: dict[str, str], field: str, rule: str
) -> None:
    answer = await post(stranger, opening(**changed))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [(field, rule)]


async def test_all_broken_rules_are_told_at_once_and_nothing_sent_is_repeated(stranger: Person) -> None:
    answer = await post(stranger, '{"account_id": "secret words", "person_id": 1, "surprise": 2}')
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"account_id", "person_id", "team_id", "surprise"}
    assert "secret words" not in answer.text


async def test_an_escaped_backslash_before_u0000_is_text(person: Meet) -> None:
    assert (await post(person("H"), opening(note=r'"a\\u0000b"'))).status_code == 200


async def test_a_whole_surrogate_pair_is_text(person: Meet) -> None:
    assert (await post(person("H"), opening(note=r'"\ud83d\ude80"'))).status_code == 200


@pytest.mark.parametrize("body", [b'{"note": "\xff\xfe"}', b'{"note": "a\x00b"}', b"\xef\xbb\xbf{}"])
async def test_bytes_that_are_no_json_text(stranger: Person, body: bytes) -> None:
    assert (await post(stranger, body)).status_code == 422


@pytest.mark.parametrize("content_type", ["text/plain", "", "application/xml", "application/json; charset=latin-1"])
async def test_other_content_than_json(stranger: Person, content_type: str) -> None:
    answer = await post(stranger, opening(), content_type)
    assert (answer.status_code, answer.json()["code"]) == (415, "not-json")


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=UTF-8"])
async def test_json_by_any_spelling(person: Meet, content_type: str) -> None:
    assert (await post(person("H"), opening(), content_type)).status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Idempotency-Key", "not-a-uuid"),
        ("Idempotency-Key", ""),
        ("Idempotency-Key", str(derive("policy", "look-at-deposits", 1))),
        ("If-Match", "1"),
        ("If-Match", 'W/"1"'),
        ("If-Match", "*"),
        ("If-Match", '"-1"'),
        ("If-Match", '"99999999999"'),
        ("X-Correlation-Id", "x"),
        ("Luotsi-After", "bank"),
        ("Luotsi-After", "bank@1"),
        ("Luotsi-After", "bank@x stream"),
        ("Luotsi-After", "bank@99999999999999999999 stream"),
        ("Luotsi-After", ", ".join(["bank@1 s"] * 21)),
    ],
)
async def test_headers_that_cannot_be_meant(stranger: Person, name: str, value: str) -> None:
    answer = await stranger.ask("pay-in", {name: value}, account_id=uuid4(), person_id=stranger.id, amount=1)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, name)


async def test_a_malformed_traceparent_is_passed_over(crew: Crew, db: Database) -> None:
    paying = {"account_id": crew.account, "person_id": crew.member.id, "amount": 1}
    assert (await crew.hr.ask("pay-in", {"traceparent": "00-nonsense"}, **paying)).status_code == 200
    (paid,) = await EventStore(db, "bank").stream("org", f"bank.account-{crew.account}", after_version=1)
    assert paid.traceparent is None


async def test_an_address_that_is_none(person: Meet) -> None:
    for path in ("/v1/open-accounts", "/v1/open-account/", "/", "/v1/../openapi.json/x"):
        answer = await person("H").client.post(path, content=opening())
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found"), path
        assert DESCRIPTION in answer.json()["detail"]


async def test_a_method_that_is_none(person: Meet) -> None:
    client = person("H").client
    for method, path, allowed in (("GET", "/v1/open-account", "POST"), ("POST", "/v1/account-lines", "GET")):
        answer = await client.request(method, path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
        assert answer.json()["code"] == "method-not-allowed"


async def test_a_query_that_does_not_fit(crew: Crew) -> None:
    unfit: list[tuple[str, Any]] = [
        *(("limit", value) for value in (0, 501, "many")),
        *(("after", cursor) for cursor in ("x", "eyJhIjoxfQ", "WyJhIiwgImIiXQ", "W10")),
        ("account_id", "x"),
        ("note", "a\0b"),
        ("acount_id", "x"),
    ]
    for field, value in unfit:
        answer = await crew.hr.read("account-lines", **{field: value})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_number_that_no_column_holds(crew: Crew) -> None:
    answer = await crew.hr.read("account-lines", paid_in=10**30)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.fixture
async def address(api: FastAPI, unused_tcp_port: int) -> AsyncIterator[int]:
    """The port of a real HTTP server."""
    config = uvicorn.Config(api, port=unused_tcp_port, log_config=None, lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield unused_tcp_port
    await server.shutdown()


async def sent(port: int, head: str, *body: bytes) -> str:
    """The answer to a request whose body is not sent to its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + b"".join(body))
    await writer.drain()
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer.decode()


def head(person: Person, framing: str) -> str:
    authorization, json = person.headers["Authorization"], "Content-Type: application/json"
    return f"POST /v1/open-account HTTP/1.1\nHost: bank\nAuthorization: {authorization}\n{json}\n{framing}"


async def test_a_body_over_the_limit_is_not_waited_for(address: int, person: Meet) -> None:
    answer = await sent(address, head(person("H"), f"Content-Length: {10 * LIMIT}"), b"{")
    assert answer.startswith("HTTP/1.1 413 ")
    assert '"code":"too-large"' in answer


async def test_a_body_in_chunks_is_refused_when_it_passes_the_limit(address: int, person: Meet) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    answer = await sent(address, head(person("H"), "Transfer-Encoding: chunked"), chunk * 17)
    assert answer.startswith("HTTP/1.1 413 ")


async def test_the_limit_is_a_setting(make_api: Api, person: Meet) -> None:
    asker = person("H")
    async with client_of(make_api(body_limit=300)) as client:
        for length, status in ((300, 200), (301, 413)):
            body = opening(note='"x"').ljust(length).encode()
            answer = await client.post(
                "/v1/open-account", content=body, headers=asker.headers | {"Content-Type": "application/json"}
            )
            assert answer.status_code == status
