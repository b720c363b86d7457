"""Bearer tokens: who is calling, for which organisation, in which roles. Nothing else of a request says so."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from time import time
from typing import Any
from uuid import UUID

import jwt

from shared.core.access import ROLES, Caller
from shared.web import problems
from shared.web.keys import ALGORITHMS, Keys
from shared.web.remembered import Remembered

_HEADER = re.compile(rb"[Bb]earer +([\w.~+/=-]+)")
_NAME = re.compile(r"[^\x00-\x20\x7f\ud800-\udfff]{1,200}")
_BELIEVED = 600.0  # seconds a verified token is not looked at again: a withdrawn key ends within them
_NOT_PERSONS = ("policy:", "deadline:", "unsigned")


class Tokens:
    """HS256 by a shared secret, or RS256, ES256, EdDSA by published keys. Verified tokens are kept for a while."""

    def __init__(
        self,
        *,
        secret: str | None = None,
        keys: Keys | None = None,
        issuer: str | None = None,
        audience: str | None = None,
        now: Callable[[], float] = time,
    ) -> None:
        if secret is not None and len(secret.encode()) < 32:
            raise ValueError("the secret of tokens must have 32 bytes or more")
        self._secret, self._keys = secret, keys
        self._issuer, self._audience = issuer, audience
        self._now = now
        self._verified: Remembered[bytes, Caller] = Remembered(now=now)

    async def caller(self, authorization: bytes | None) -> Caller:
        """Who sent this Authorization header; raises the 401."""
        if authorization is None:
            raise problems.unauthenticated("a bearer token is needed", invalid=False)
        if (known := self._verified.get(authorization)) is not None:
            return known
        if not (match := _HEADER.fullmatch(authorization)):
            raise problems.unauthenticated("a bearer token is needed")
        claims = await self._claims(match[1].decode())
        caller = _caller(claims)
        self._verified.put(authorization, caller, min(float(claims["exp"]), self._now() + _BELIEVED))
        return caller

    async def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            algorithm, key = await self._key(str(header.get("alg")), header.get("kid"))
            return jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._audience,
                issuer=self._issuer,
                options={"require": ["exp", "sub"], "verify_aud": self._audience is not None},
            )
        except jwt.ExpiredSignatureError:
            raise problems.unauthenticated("the token has expired") from None
        except jwt.PyJWTError:
            raise problems.unauthenticated("the token cannot be verified") from None

    async def _key(self, algorithm: str, kid: str | None) -> tuple[str, Any]:
        if algorithm == "HS256" and self._secret is not None:
            return algorithm, self._secret
        if algorithm in ALGORITHMS.values() and self._keys is not None:
            return algorithm, await self._key_of(algorithm, kid)
        raise problems.unauthenticated("the token is signed in a way that is not accepted")

    async def _key_of(self, algorithm: str, kid: str | None) -> Any:
        assert self._keys is not None
        key = await self._keys.find(algorithm, kid)
        if key is None:
            raise problems.unauthenticated("the token is signed with a key that is not known")
        return key

    def issue(
        self,
        person_id: str,
        tenant: str,
        roles: Iterable[str],
        *,
        site: str | None = None,
        lifetime: timedelta = timedelta(hours=12),
    ) -> str:
        """A token of the shared secret."""
        if self._secret is None:
            raise ValueError("tokens are issued by whoever holds the keys: there is no shared secret here")
        now = int(time())
        claims: dict[str, Any] = {"sub": str(person_id), "tenant": tenant, "roles": sorted(roles), "iat": now}
        claims["exp"] = now + int(lifetime.total_seconds())
        optional = {"site": site, "iss": self._issuer, "aud": self._audience}
        claims |= {name: value for name, value in optional.items() if value is not None}
        _caller(claims)
        return jwt.encode(claims, self._secret, "HS256")


def _caller(claims: Mapping[str, Any]) -> Caller:
    roles = claims.get("roles", [])
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise problems.unauthenticated("the token's roles are no list of letters")
    site = claims.get("site")
    person = _name(claims, "sub")
    if person.startswith(_NOT_PERSONS):
        raise problems.unauthenticated("the token's sub is no person")
    return Caller(
        tenant=_name(claims, "tenant"),
        person_id=_plain(person),
        roles=frozenset(roles).intersection(ROLES),
        site=None if site is None else _name(claims, "site"),
    )


def _plain(person: str) -> str:
    """Ids are opaque; one that is a UUID has one spelling, the one in facts and rows."""
    try:
        return str(UUID(person))
    except ValueError:
        return person


def _name(claims: Mapping[str, Any], claim: str) -> str:
    value = claims.get(claim)
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise problems.unauthenticated(f"the token has no usable {claim}")
    return value
