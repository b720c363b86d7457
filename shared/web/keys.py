"""Public keys from a JWKS document, by address or file: kept, and looked at again when a token names a new one."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import jwt
import orjson
import structlog

from shared.web import problems

ALGORITHMS = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}
_CURVES = {"EC": ("P-256",), "OKP": ("Ed25519", "Ed448")}

log = structlog.get_logger()


class Keys:
    """`pause` seconds at least lie between two readings, whatever tokens ask for; after `fresh` it is read anew,
    so a withdrawn key ends. While the document cannot be had, the keys that are known go on.
    """

    def __init__(self, where: str, *, pause: float = 30, fresh: float = 600) -> None:
        self._where, self._pause, self._fresh = where, pause, fresh
        self._keys: dict[tuple[str, str], Any] = {}
        self._read_at, self._tried_at = float("-inf"), float("-inf")
        self._reading = asyncio.Lock()

    async def find(self, algorithm: str, kid: str | None) -> Any:
        """The key for this algorithm: of this id, or the only one there is. None if there is none."""
        if self._read_at + self._fresh < monotonic() or self._known(algorithm, kid) is None:
            await self._read()
        if not self._keys:
            raise problems.unavailable("keys-unavailable", "the keys of the tokens cannot be had", retry_after=5)
        return self._known(algorithm, kid)

    def _known(self, algorithm: str, kid: str | None) -> Any:
        if kid is not None:
            return self._keys.get((algorithm, kid))
        fitting = [key for (of, _), key in self._keys.items() if of == algorithm]
        return fitting[0] if len(fitting) == 1 else None

    async def _read(self) -> None:
        async with self._reading:
            if self._tried_at + self._pause > monotonic():
                return
            self._tried_at = monotonic()
            try:
                self._keys = _usable(await self._document())
            except (httpx.HTTPError, OSError, ValueError, jwt.PyJWTError) as error:
                log.warning("keys.unreadable", where=self._where, reason=str(error))
                return
            self._read_at = monotonic()

    async def _document(self) -> bytes:
        if not self._where.startswith(("http://", "https://")):
            return await asyncio.to_thread(Path(self._where.removeprefix("file://")).read_bytes)
        async with httpx.AsyncClient(timeout=5) as client:
            return (await client.get(self._where)).raise_for_status().content


def _usable(document: bytes) -> dict[tuple[str, str], Any]:
    """The algorithm follows from the key, never from the token: so no public key is ever taken for a secret."""
    parsed = orjson.loads(document)
    if not isinstance(parsed, dict) or not isinstance(parsed.get("keys"), list):
        raise ValueError("not a JWKS document")
    keys: dict[tuple[str, str], Any] = {}
    for number, jwk in enumerate(parsed["keys"]):
        if isinstance(jwk, dict) and (algorithm := _algorithm(jwk)):
            try:
                keys[algorithm, str(jwk.get("kid", f"#{number}"))] = jwt.PyJWK(jwk, algorithm).key
            except (ValueError, TypeError, jwt.PyJWTError) as error:
                log.warning("key.unreadable", kid=jwk.get("kid"), reason=str(error))
    return keys


def _algorithm(jwk: Mapping[str, Any]) -> str | None:
    """None where it is no key for signatures of a kind that we take."""
    family = str(jwk.get("kty"))
    if family not in ALGORITHMS or jwk.get("use", "sig") != "sig":
        return None
    if family in _CURVES and jwk.get("crv") not in _CURVES[family]:
        return None
    return ALGORITHMS[family]
