"""This machine: Python and its packages, the settings, the folder of the embedded platform."""

import re
import shutil
import stat
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from urllib.parse import urlsplit

import shared
from shared.embedded.postgres import LEAST_FREE
from shared.ops.doctor.finding import Finding
from shared.ops.settings import Settings

TRIED_WITH = (3, 11), (3, 13)
TRYING_OUT = "a-secret-for-trying-things-out-only"  # docker-compose.yml's, for everybody to read
LITTLE = 2**30

_LOCKED = re.compile(r"([\w.-]+)(?:\[[^]]*])?==([^\s;\\]+)")
_LEAST_KINDS = 8  # different characters in a secret


def python(_: Settings) -> Iterator[Finding]:
    here = sys.version_info[:2]
    if not TRIED_WITH[0] <= here <= TRIED_WITH[1]:
        first, last = (".".join(map(str, version)) for version in TRIED_WITH)
        what = f"this is Python {here[0]}.{here[1]}"
        yield Finding("warning", "python", what, f"Luotsi is tried with {first} to {last}", f"install Python {last}")


def packages(_: Settings) -> Iterator[Finding]:
    why = "only the versions in the lock were tried together"
    lock = Path(*shared.__path__).parent / "requirements.lock"
    if not lock.exists():
        yield Finding("warning", "packages", f"there is no {lock}", why, "put it beside the code")
        return
    locked: dict[str, set[str]] = {}
    for name, version in _LOCKED.findall(lock.read_text()):
        locked.setdefault(_plain(name), set()).add(version)
    installed = {_plain(one.metadata["Name"]): one.version for one in distributions()}
    for name, version in sorted(installed.items()):
        if name in locked and version not in locked[name]:
            what = f"{name} is {version}, and the lock says {' or '.join(sorted(locked[name]))}"
            yield Finding("warning", "packages", what, why, "make setup")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def tokens(settings: Settings) -> Iterator[Finding]:
    if (secret := settings.token_secret) is not None:
        yield from _secret(secret.get_secret_value())
    if settings.jwks is None:
        return
    if urlsplit(settings.jwks).scheme == "http":
        why = "whoever stands between can put in keys of their own"
        yield Finding("error", "tokens", "LUOTSI_JWKS is fetched without TLS", why, "give an https:// address")
    if settings.token_issuer is None or settings.token_audience is None:
        why = "a token that was issued for another application is accepted too"
        do = "set LUOTSI_TOKEN_ISSUER and LUOTSI_TOKEN_AUDIENCE"
        yield Finding("warning", "tokens", "the issuer or the audience of tokens is not checked", why, do)


def _secret(secret: str) -> Iterator[Finding]:
    do = "set LUOTSI_TOKEN_SECRET to what `openssl rand -base64 48` prints"
    if secret == TRYING_OUT:
        why = "everybody who reads that file can issue tokens"
        yield Finding("error", "tokens", "the token secret is the one of docker-compose.yml", why, do)
    elif len(set(secret)) < _LEAST_KINDS:
        yield Finding("error", "tokens", "the token secret can be guessed", "whoever does can issue tokens", do)


def clock(settings: Settings) -> Iterator[Finding]:
    if settings.clock != "system":
        why = "operators can move the time that commands are stamped with"
        yield Finding("warning", "clock", "the clock is movable", why, "leave LUOTSI_CLOCK out, unless this is a demo")


def folder(settings: Settings) -> Iterator[Finding]:
    """Of the embedded platform, once it has been started."""
    if not settings.embedded or not settings.data_dir.exists():
        return
    secret, data = settings.data_dir / "token.secret", settings.data_dir / "postgres"
    for path, mode in ((secret, 0o600), (data, 0o700)):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            why = "other users of this machine can get at it"
            yield Finding("error", "data_dir", f"{path} is open to others", why, f"chmod {mode:o} {path}")
    free = shutil.disk_usage(settings.data_dir).free
    if free < LITTLE:
        why = f"with less than {LEAST_FREE // 2**20} MiB the database stops"
        what = f"{free // 2**20} MiB are free on the disk of {settings.data_dir}"
        yield Finding("error" if free < LEAST_FREE else "warning", "data_dir", what, why, f"df -h {settings.data_dir}")


LOOKS = (python, packages, tokens, clock, folder)
