"""What can be set from outside: `LUOTSI_<NAME>` in the environment, or the same name in `luotsi.toml`.

The environment wins. `LUOTSI_SETTINGS` names another file.
"""

import os
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import TomlConfigSettingsSource as TomlFile

from shared.core.event import topic_of
from shared.core.types import TimeZone
from shared.ops.printing import WrongUse

PREFIX = "LUOTSI_"
SERVICE = "{service}"
_ALIKE = 0.8  # from which on a name is taken for a misspelt one


def _postgres(dsn: str) -> str:
    if urlsplit(dsn).scheme not in ("postgresql", "postgres"):
        raise ValueError("must look like postgresql://user:password@host/database")
    return dsn


Dsn = Annotated[str, AfterValidator(_postgres)]


class Settings(BaseSettings):
    """Without a `dsn` the platform is the embedded one, in `data_dir`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    dsn: Dsn | None = Field(None, description="PostgreSQL; `{service}` in it stands for the service's name")
    migrate_dsn: Dsn | None = Field(None, description="the same database, as a role that may create tables")
    pool: int = Field(10, ge=2, le=200, description="database connections per process, and as many for queries")
    kafka: str | None = Field(None, description="bootstrap servers, host:port separated by commas")
    topic_prefix: str = Field("", pattern=r"^[a-zA-Z0-9._-]*$", description="before names of topics and groups")
    partitions: int | None = Field(None, ge=1, le=1024, description="of a topic that is created, if not topics.yml's")
    replication: int | None = Field(None, ge=1, le=9, description="copies of each partition, likewise")
    http_host: str = "127.0.0.1"
    http_port: int = Field(8000, ge=0, le=65535, description="0 takes any free one")
    token_secret: SecretStr | None = Field(None, description="of HS256 tokens, 32 bytes or more")
    jwks: str | None = Field(None, description="address or file of the keys of RS256, ES256, EdDSA tokens")
    token_issuer: str | None = None
    token_audience: str | None = None
    time_zone: TimeZone = Field("Europe/Helsinki", description="while a team's is unknown")
    clock: Literal["system", "movable"] = Field("system", description="movable: for demos and tests only")
    data_dir: Path = Field(Path(".luotsi"), description="where the embedded platform keeps everything")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = Field("auto", description="auto: console on a terminal")
    otlp_endpoint: str | None = Field(None, description="where traces go, http://host:4318")

    @field_validator("token_secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value().encode()) < 32:
            raise ValueError("must be 32 bytes or longer")
        return secret

    @field_validator("kafka")
    @classmethod
    def _hosts_with_ports(cls, servers: str | None) -> str | None:
        for server in servers.split(",") if servers else ():
            host, _, port = server.strip().rpartition(":")
            if not host or not port.isdigit():
                raise ValueError("must look like host:9092,other:9092")
        return servers

    @model_validator(mode="after")
    def _migrates_something(self) -> "Settings":
        if self.migrate_dsn and not self.dsn:
            raise ValueError("LUOTSI_MIGRATE_DSN is of no use without LUOTSI_DSN")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlFile(settings_cls, _file())

    @cached_property
    def embedded(self) -> bool:
        return self.dsn is None

    def dsn_of(self, service: str) -> str:
        assert self.dsn is not None, "the embedded platform knows its own addresses"
        return self.dsn.replace(SERVICE, service)

    def migrate_dsn_of(self, service: str) -> str:
        return self.migrate_dsn.replace(SERVICE, service) if self.migrate_dsn else self.dsn_of(service)

    def topic_of(self, source: str) -> str:
        return topic_of(source, self.topic_prefix)


class SettingsWrong(WrongUse):
    """The settings cannot be used. One line per rule that was broken, each with the variable's name."""


def load(**given: object) -> Settings:
    """`given` wins over environment and file: it is what stood on the command line."""
    _check_file()
    _check_spelling()
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by pydantic, which is the point
    except ValidationError as errors:
        lines = (_line(error["loc"], error["msg"]) for error in errors.errors())
        raise SettingsWrong("\n".join(lines)) from None
    except ValueError as error:
        raise SettingsWrong(f"{_file()}: {error}") from error


def _line(loc: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    if not loc:
        return message
    name = str(loc[0]).lower()
    where = f"{PREFIX}{name.upper()}"
    if name not in Settings.model_fields:
        return f"{where} ({name} in {_file()}): there is no such setting"
    return f"{where}: {message[0].lower()}{message[1:]}"


def _file() -> Path:
    return Path(os.environ.get(f"{PREFIX}SETTINGS") or "luotsi.toml")


def _check_spelling() -> None:
    """Compose, tests and scripts have variables of their own under this prefix: only what looks like ours is told."""
    names = {name.removeprefix(PREFIX).lower() for name in os.environ if name.startswith(PREFIX)}
    for name in sorted(names - Settings.model_fields.keys() - {"settings"}):
        if meant := get_close_matches(name, Settings.model_fields, 1, _ALIKE):
            told = f"{PREFIX}{name.upper()}: there is no such setting; is {PREFIX}{meant[0].upper()} meant?"
            raise SettingsWrong(told)


def _check_file() -> None:
    if f"{PREFIX}SETTINGS" in os.environ and not _file().is_file():
        raise SettingsWrong(f"{PREFIX}SETTINGS: there is no file {_file()}")
