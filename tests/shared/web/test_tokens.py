"""Who is let in: tokens good and bad, by secret and by published keys."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

import jwt
import pytest
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.web.keys import Keys
from shared.web.problems import Problem
from shared.web.tokens import Tokens
from tests.shared.web.conftest import SECRET, Api, client_of

RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
PUBLIC = {
    "RS256": RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True),
    "ES256": ECAlgorithm.to_jwk(EC.public_key(), as_dict=True),
    "EdDSA": OKPAlgorithm.to_jwk(ED.public_key(), as_dict=True),
}
PRIVATE: dict[str, Any] = {"RS256": RSA, "ES256": EC, "EdDSA": ED}


def claims(**changed: Any) -> dict[str, Any]:
    known = {"sub": "ada", "tenant": "org", "roles": ["H"], "exp": time() + 60} | changed
    return {name: value for name, value in known.items() if value is not None}


def bearer(payload: dict[str, Any], key: Any = SECRET, algorithm: str = "HS256", **header: Any) -> bytes:
    return b"Bearer " + jwt.encode(payload, key, algorithm, headers=header or None).encode()


def jwks(*keys: dict[str, Any]) -> str:
    return json.dumps({"keys": list(keys)})


async def refused(tokens: Tokens, authorization: bytes | None) -> Problem:
    with pytest.raises(Problem) as raised:
        await tokens.caller(authorization)
    assert raised.value.status == 401
    assert raised.value.headers["WWW-Authenticate"].startswith('Bearer realm="luotsi"')
    return raised.value


async def test_a_good_token_says_who_calls() -> None:
    person = str(uuid4())
    caller = await Tokens(secret=SECRET).caller(bearer(claims(sub=person.upper(), roles=["M", "A", "X"], site="oulu")))
    assert (caller.tenant, caller.person_id, set(caller.roles), caller.site) == ("org", person, {"A", "M"}, "oulu")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        b"",
        b"Bearer",
        b"Bearer ",
        b"Bearer a.b.c",
        b"Basic YWRhOmFkYQ==",
        bearer(claims(exp=time() - 1)),
        bearer(claims(exp=None)),
        bearer(claims(sub=None)),
        bearer(claims(sub="")),
        bearer(claims(sub="policy:welcome")),
        bearer(claims(sub="deadline:x")),
        bearer(claims(sub="unsigned")),
        bearer(claims(sub="a\0b")),
        bearer(claims(tenant=None)),
        bearer(claims(tenant="")),
        bearer(claims(tenant=7)),
        bearer(claims(roles="H")),
        bearer(claims(roles=[1])),
        bearer(claims(site="")),
        bearer(claims(nbf=time() + 60)),
        bearer(claims(), key="another secret that is long enough, too"),
        bearer(claims(), key="", algorithm="none"),
        bearer(claims(), key=SECRET * 2, algorithm="HS512"),
        bearer(claims(), key=RSA, algorithm="RS256"),
    ],
)
async def test_everything_else_is_401(authorization: bytes | None) -> None:
    await refused(Tokens(secret=SECRET), authorization)


async def test_a_changed_token_is_401() -> None:
    head, _, signature = bearer(claims()).split(b".")
    foreign = bearer(claims(tenant="other")).split(b".")[1]
    await refused(Tokens(secret=SECRET), b".".join([head, foreign, signature]))


async def test_a_token_ends_also_when_it_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = time()
    tokens = Tokens(secret=SECRET, now=lambda: moment)
    authorization = bearer(claims(exp=moment + 60))
    await tokens.caller(authorization)
    moment += 61
    monkeypatch.setattr("jwt.api_jwt.datetime", _At(moment))
    await refused(tokens, authorization)


class _At:
    """Stands in for the class datetime where tokens are verified."""

    def __init__(self, moment: float) -> None:
        self._moment = moment

    def now(self, tz: object) -> "_At":
        return self

    def timestamp(self) -> float:
        return self._moment


async def test_issuer_and_audience_are_checked_when_they_are_set() -> None:
    strict = Tokens(secret=SECRET, issuer="idp", audience="luotsi")
    assert (await strict.caller(bearer(claims(iss="idp", aud=["luotsi", "x"])))).person_id == "ada"
    for wrong in ({}, {"iss": "idp"}, {"aud": "luotsi"}, {"iss": "x", "aud": "luotsi"}, {"iss": "idp", "aud": "x"}):
        await refused(strict, bearer(claims(**wrong)))


async def test_what_is_issued_is_accepted() -> None:
    tokens = Tokens(secret=SECRET, issuer="idp", audience="luotsi")
    token = tokens.issue("ada", "org", "MA", site="oulu", lifetime=timedelta(minutes=1))
    caller = await tokens.caller(f"Bearer {token}".encode())
    assert (caller.person_id, set(caller.roles), caller.site) == ("ada", {"A", "M"}, "oulu")


def test_a_short_secret_is_no_secret() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(secret="short")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_published_keys(tmp_path: Path, algorithm: str) -> None:
    document = tmp_path / "jwks.json"
    document.write_text(jwks(*({**key, "kid": name} for name, key in PUBLIC.items())))
    tokens = Tokens(keys=Keys(str(document)))
    signed = bearer(claims(), PRIVATE[algorithm], algorithm, kid=algorithm)
    assert (await tokens.caller(signed)).person_id == "ada"
    assert (await tokens.caller(bearer(claims(), PRIVATE[algorithm], algorithm))).person_id == "ada"
    await refused(tokens, bearer(claims(), PRIVATE[algorithm], algorithm, kid="another"))


async def test_a_key_that_cannot_be_read_takes_no_other_with_it(tmp_path: Path) -> None:
    document = tmp_path / "jwks.json"
    broken: list[Any] = [
        {**PUBLIC["RS256"], "kid": "cut", "n": "?"},
        {"kty": "EC", "crv": "P-256"},
        "a text",
        {"kty": ["RSA"]},
    ]
    document.write_text(jwks(*broken, {**PUBLIC["ES256"], "kid": "good"}))
    tokens = Tokens(keys=Keys(str(document)))
    assert (await tokens.caller(bearer(claims(), EC, "ES256", kid="good"))).person_id == "ada"
    await refused(tokens, bearer(claims(), RSA, "RS256", kid="cut"))


async def test_a_public_key_is_never_taken_for_a_secret(tmp_path: Path) -> None:
    document = tmp_path / "jwks.json"
    document.write_text(jwks({**PUBLIC["RS256"], "kid": "k"}))
    pem = RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    head, payload = jwt.encode(claims(), SECRET, headers={"kid": "k"}).split(".")[:2]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        f"{head}.{payload}".encode(), pem
    )
    forged = f"Bearer {head}.{payload}.{jwt.utils.base64url_encode(signature).decode()}".encode()
    for tokens in (Tokens(keys=Keys(str(document))), Tokens(secret=SECRET, keys=Keys(str(document)))):
        await refused(tokens, forged)


async def test_a_key_of_one_kind_does_not_verify_another(tmp_path: Path) -> None:
    document = tmp_path / "jwks.json"
    document.write_text(jwks({**PUBLIC["RS256"], "kid": "k"}, {"kty": "oct", "k": "c2VjcmV0", "kid": "s"}))
    tokens = Tokens(keys=Keys(str(document)))
    await refused(tokens, bearer(claims(), EC, "ES256", kid="k"))
    await refused(tokens, bearer(claims(), SECRET, "HS256", kid="s"))


class KeyServer:
    """A JWKS address that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked, self.status, self.keys = 0, 200, [{**PUBLIC["RS256"], "kid": "old"}]

    async def answer(self, request: Request) -> Response:
        self.asked += 1
        return JSONResponse({"keys": self.keys}, self.status)


@pytest.fixture
async def key_server(unused_tcp_port: int) -> AsyncIterator[tuple[KeyServer, str]]:
    keys = KeyServer()
    app = Starlette(routes=[Route("/jwks", keys.answer)])
    config = uvicorn.Config(app, port=unused_tcp_port, log_config=None, lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield keys, f"http://127.0.0.1:{unused_tcp_port}/jwks"
    await server.shutdown()


async def test_a_new_key_is_found_and_unknown_ones_are_not_asked_for_at_will(
    key_server: tuple[KeyServer, str],
) -> None:
    server, address = key_server
    tokens = Tokens(keys=Keys(address, pause=0))
    await tokens.caller(bearer(claims(), RSA, "RS256", kid="old"))
    await tokens.caller(bearer(claims(sub="bob"), RSA, "RS256", kid="old"))
    assert server.asked == 1
    server.keys.append({**PUBLIC["ES256"], "kid": "new"})
    await tokens.caller(bearer(claims(), EC, "ES256", kid="new"))
    assert server.asked == 2
    patient = Tokens(keys=Keys(address, pause=60))
    for number in range(5):
        await refused(patient, bearer(claims(), EC, "ES256", kid=f"unknown-{number}"))
    assert server.asked == 3


async def test_while_keys_cannot_be_had_known_ones_go_on(key_server: tuple[KeyServer, str]) -> None:
    server, address = key_server
    keys = Keys(address, pause=0, fresh=0)
    await Tokens(keys=keys).caller(bearer(claims(), RSA, "RS256", kid="old"))
    server.status = 500
    await Tokens(keys=keys).caller(bearer(claims(), RSA, "RS256", kid="old"))
    with pytest.raises(Problem) as raised:
        await Tokens(keys=Keys(address)).caller(bearer(claims(), RSA, "RS256", kid="old"))
    assert (raised.value.status, raised.value.code) == (503, "keys-unavailable")


async def test_a_withdrawn_key_ends(key_server: tuple[KeyServer, str]) -> None:
    server, address = key_server
    keys = Keys(address, pause=0, fresh=0)
    await Tokens(keys=keys).caller(bearer(claims(), RSA, "RS256", kid="old"))
    server.keys = [{**PUBLIC["ES256"], "kid": "new"}]
    await refused(Tokens(keys=keys), bearer(claims(), RSA, "RS256", kid="old"))


async def test_a_401_is_a_problem_with_a_challenge(make_api: Api) -> None:
    async with client_of(make_api()) as client:
        for method, path in (
            ("POST", "/v1/pay-in"),
            ("GET", "/v1/account-lines"),
            ("GET", "/v1/account-lines?limit=0"),
        ):
            answer = await client.request(method, path, headers={"Authorization": "Bearer nonsense"})
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
            assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
            assert (await client.request(method, path)).headers["WWW-Authenticate"] == 'Bearer realm="luotsi"'
