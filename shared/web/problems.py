"""What HTTP says instead of an answer: RFC 9457 problem details, each status from this one place."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.core.decider import Rejected
from shared.store.answers import Conflict, FactTooLarge, KeyReused, OutcomeUnknown, VersionMoved
from shared.store.database import is_transient

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:luotsi:problem:"
BODY = "body"

TITLES: Mapping[int, str] = {
    401: "No valid token",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    412: "The stream has moved",
    413: "Too large",
    415: "Not JSON",
    422: "Refused",
    429: "Too many",
    500: "Internal error",
    503: "Not available now",
}

CODES: Mapping[int, Mapping[str, str]] = {
    401: {"unauthenticated": "no token, or one that is not valid here and now"},
    403: {"not-allowed": "your roles and relations do not allow this"},
    404: {"not-found": "there is nothing here that you may see"},
    405: {"method-not-allowed": "another method is answered here"},
    409: {"conflict": "others were faster every time: look again, then ask again"},
    412: {"version-moved": "the stream is at another version than If-Match says"},
    413: {"too-large": "the body, or a fact that would follow from it, is too large"},
    415: {"not-json": "the body must be application/json, in UTF-8"},
    422: {"invalid": "something that was sent does not fit: `errors` says what"},
    429: {"too-many-watchers": "you watch too many times already"},
    500: {"internal": "this is our fault; the correlation id tells us where to look"},
    503: {
        "unavailable": "the database is away",
        "outcome-unknown": "ask again with the same Idempotency-Key to learn the outcome",
        "keys-unavailable": "the keys of the tokens cannot be had",
        "not-live": "what is asked for is being built",
        "not-yet": "what Luotsi-After names has not arrived here yet",
        "parked": "what Luotsi-After names cannot be shown until it is put in order",
        "too-many-watchers": "nobody else can watch here now",
    },
}
KEY_REUSED = {"idempotency-key-reused": "this Idempotency-Key has been used for another command"}


class Problem(Exception):
    """`code` is for programs and never changes; `detail` is for people. `more` are further members of the body."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail = status, code, detail
        self.headers, self.more = headers or {}, more


def _known(status: int, code: str, headers: Mapping[str, str] | None = None) -> Problem:
    return Problem(status, code, CODES[status][code], headers=headers)


def unauthenticated(detail: str, *, invalid: bool = True) -> Problem:
    error = f', error="invalid_token", error_description="{detail}"' if invalid else ""
    challenge = f'Bearer realm="luotsi"{error}'
    return Problem(401, "unauthenticated", detail, headers={"WWW-Authenticate": challenge})


def not_allowed() -> Problem:
    return _known(403, "not-allowed")


def not_found(detail: str = CODES[404]["not-found"]) -> Problem:
    return Problem(404, "not-found", detail)


def method_not_allowed(allowed: str) -> Problem:
    return Problem(405, "method-not-allowed", f"only {allowed} is answered here", headers={"Allow": allowed})


def too_large(detail: str) -> Problem:
    """The rest of the body is not read, so the connection cannot be used again."""
    return Problem(413, "too-large", detail, headers={"Connection": "close"})


def not_json() -> Problem:
    return _known(415, "not-json", {"Accept": "application/json"})


def invalid(*errors: tuple[str, str, str]) -> Problem:
    """Each error: the path of the field, or `body` for the whole, the rule it broke, and words."""
    listed = [{"field": field, "rule": rule, "message": message} for field, rule, message in errors]
    broken = ", ".join(error["field"] for error in listed)
    return Problem(422, "invalid", f"does not fit: {broken}", errors=listed)


def invalid_fields(errors: Iterable[Any]) -> Problem:
    """From pydantic's list of errors. What was sent is not repeated."""
    return invalid(*((_path(error["loc"]), error["type"], error["msg"]) for error in errors))


def _path(loc: Sequence[str | int]) -> str:
    return ".".join(map(str, loc[1:] if loc and loc[0] in ("query", "body") else loc)) or BODY


def unavailable(code: str, detail: str = "", retry_after: int = 1) -> Problem:
    return Problem(503, code, detail or CODES[503][code], headers={"Retry-After": str(retry_after)})


def too_many(code: str, detail: str) -> Problem:
    return Problem(429, code, detail, headers={"Retry-After": "60"})


def of(error: Exception) -> Problem | None:
    """The problem an exception stands for; None for what nobody has foreseen."""
    match error:
        case Problem():
            return error
        case Rejected():
            return Problem(422, error.code, error.reason)
        case VersionMoved():
            etag = {"ETag": f'"{error.version}"'}
            return Problem(412, "version-moved", str(error), headers=etag, version=error.version)
        case Conflict():
            return _known(409, "conflict")
        case KeyReused():
            return of(Rejected.only(KEY_REUSED))
        case FactTooLarge():
            return Problem(413, "too-large", "a fact of this command would be too large to be published")
        case OutcomeUnknown():
            return unavailable("outcome-unknown")
        case RequestValidationError() | ValidationError():
            return invalid_fields(error.errors())
        case HTTPException():
            return _of_http(error)
    return unavailable("unavailable") if is_transient(error) else None


def _of_http(error: HTTPException) -> Problem:
    if error.status_code == 404:
        return not_found("there is no such address: /openapi.json lists those there are")
    if error.status_code == 405:
        return method_not_allowed((error.headers or {}).get("Allow", "another method"))
    return Problem(error.status_code, "http", str(error.detail), headers=error.headers)


def internal() -> Problem:
    return _known(500, "internal")


def response(problem: Problem, correlation_id: object) -> Response:
    body = {
        "type": f"{TYPE}{problem.code}",
        "title": TITLES.get(problem.status, "Problem"),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "instance": f"urn:uuid:{correlation_id}",
        **problem.more,
    }
    return Response(orjson.dumps(body), problem.status, dict(problem.headers), MEDIA_TYPE)
