"""`luotsi token`: a token to try the platform with. In production the organisation's identity provider issues them."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shared.core.access import ROLES
from shared.ops.printing import AsJson, WrongUse, json_out

if TYPE_CHECKING:
    from shared.ops.settings import Settings
    from shared.web.tokens import Tokens


def _listed() -> str:
    return "; ".join(f"{letter} {name}" for letter, name in ROLES.items())


_HELP = f"A role's letter; several: -r S -r T. {_listed()}."
Letters = Annotated[list[str], typer.Option("--role", "-r", help=_HELP)]


def token(
    role: Letters,
    person: Annotated[str, typer.Option(help="The person's id; made from the word if it is no UUID.")] = "me",
    tenant: Annotated[str, typer.Option(help="The organisation.")] = "demo",
    site: Annotated[str | None, typer.Option(help="Limits a manager to one site.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650)] = 1,
    as_json: AsJson = False,
) -> None:
    """Print a bearer token, signed with LUOTSI_TOKEN_SECRET, or with what `luotsi up` keeps in its folder.

    Example: luotsi token --role S --role T --person aino --tenant demo
    """
    from datetime import timedelta

    from shared.ops.settings import load

    if strange := sorted(set(role) - ROLES.keys()):
        raise WrongUse(f"there is no role {', '.join(strange)}; there is {_listed()}")
    settings = load()
    who = _id_of(person)
    issued = tokens_of(settings, _secret_there(settings)).issue(
        who, tenant, role, site=site, lifetime=timedelta(days=days)
    )
    if as_json:
        json_out({"token": issued, "person": who, "tenant": tenant, "roles": sorted(role), "days": days})
    else:
        typer.echo(issued)


def tokens_of(settings: "Settings", shared_secret: str | None) -> "Tokens":
    """What checks tokens, and with a shared secret issues them."""
    from shared.web.keys import Keys
    from shared.web.tokens import Tokens

    return Tokens(
        secret=shared_secret,
        keys=Keys(settings.jwks) if settings.jwks else None,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
    )


def secret(settings: "Settings") -> str:
    """The shared secret of the settings; the embedded platform makes one and keeps it in its folder."""
    if settings.token_secret is not None:
        return settings.token_secret.get_secret_value()
    if not settings.embedded:
        raise WrongUse("LUOTSI_TOKEN_SECRET: is needed to issue tokens")
    return _kept(_file(settings))


def _secret_there(settings: "Settings") -> str:
    """Never a new one: no platform would know what is signed with it."""
    if settings.token_secret is None and settings.embedded and not _file(settings).exists():
        raise WrongUse(
            f"there is no platform in {settings.data_dir}: `luotsi up` makes it, LUOTSI_DATA_DIR names another"
        )
    return secret(settings)


def _file(settings: "Settings") -> Path:
    return settings.data_dir / "token.secret"


def _kept(path: Path) -> str:
    """Made aside and put in its place whole: of two who make one at once, both use the same."""
    import os
    import secrets

    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text()


def _id_of(person: str) -> str:
    from uuid import UUID

    from shared.core.ids import derive

    try:
        return str(UUID(person))
    except ValueError:
        return str(derive("person", person))
