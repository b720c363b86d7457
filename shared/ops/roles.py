"""What a process of one service does: `api` answers, `relay` sends, `worker` listens, `run` does all three.

It waits for PostgreSQL and Kafka while they are away, says when it is ready, and on SIGTERM finishes what it began.
"""

import sys
from collections.abc import Callable
from typing import get_args

from shared.core.clock import Clock, MovableClock, SystemClock
from shared.core.service import Service
from shared.ops import rebuild
from shared.ops.models import model_of
from shared.ops.printing import Failed, Told, WrongUse, complain
from shared.ops.settings import Settings, SettingsWrong, load
from shared.ops.token import tokens_of
from shared.run.inside import Setting
from shared.run.loop import run_until_done, signalled
from shared.run.process import Process, Role, Wires
from shared.run.serving import AddressTaken
from shared.run.supervising import EndedUnexpectedly
from shared.telemetry import logs, traces

REBUILD = "rebuild"
ROLES: tuple[Role, ...] = get_args(Role)


def main(service: Service, arguments: list[str] | None = None) -> None:
    """The entry point of a service. Exit codes as `luotsi` has them; 1 when a part ended that should not have."""
    words = sys.argv[1:] if arguments is None else arguments
    roles = [role for role in ROLES if [role] == words]
    if len(words) == 2 and words[0] == REBUILD:
        _told(lambda: start_rebuild(service, words[1]))
        return
    if not roles:
        complain(f"say what to do: python -m services.{service.name} {'|'.join(ROLES)}")
        sys.exit(WrongUse.code)
    _told(lambda: start(service, roles[0]))


def _told(work: Callable[[], None]) -> None:
    try:
        work()
    except Told as told:
        complain(str(told))
        sys.exit(told.code)


def start(service: Service, role: Role) -> None:
    settings = load()
    _check(settings, role)
    logs.configure(settings.log_level, settings.log_format)
    with traces.sending(service.name, settings.otlp_endpoint):
        run_until_done(_run(service, role, settings))


async def _run(service: Service, role: Role, settings: Settings) -> None:
    try:
        await Process(service, role, _setting(settings), _wires(service, settings)).run(signalled())
    except (AddressTaken, EndedUnexpectedly) as error:
        raise Failed(str(error)) from error


def start_rebuild(service: Service, read_model: str) -> None:
    """What a worker starts for a version that has no live build, in a process of its own."""
    settings = load()
    logs.configure(settings.log_level, settings.log_format)
    rebuild.by_itself(service, model_of(service, read_model), settings)


def _check(settings: Settings, role: str) -> None:
    """What this role cannot do without."""
    if settings.dsn is None:
        raise SettingsWrong("LUOTSI_DSN: is needed by a service that runs by itself (`luotsi up` needs none)")
    if settings.kafka is None and role != "api":
        raise SettingsWrong(f"LUOTSI_KAFKA: is needed by the role {role}")
    if settings.token_secret is None and settings.jwks is None and role in ("api", "run"):
        raise SettingsWrong("LUOTSI_TOKEN_SECRET or LUOTSI_JWKS: is needed to check tokens")
    if settings.clock == "movable" and role != "run":
        raise SettingsWrong("LUOTSI_CLOCK: only the role run can move its clock, as it has all that must follow")


def _setting(settings: Settings) -> Setting:
    secret = settings.token_secret.get_secret_value() if settings.token_secret else None
    clock: Clock = MovableClock() if settings.clock == "movable" else SystemClock()
    return Setting(clock, tokens_of(settings, secret), settings.time_zone, settings.pool, _rebuild)


def _rebuild(_: str) -> tuple[str, ...]:
    """This program with other words: it is of one service."""
    spec = sys.modules["__main__"].__spec__
    assert spec is not None, "a service is started as a module"
    return sys.executable, "-m", spec.name.removesuffix(".__main__"), REBUILD


def _wires(service: Service, settings: Settings) -> Wires:
    return Wires(
        dsn=settings.dsn_of(service.name),
        kafka=settings.kafka or "",
        topics={source: settings.topic_of(source) for source in service.sources},
        group=f"{settings.topic_prefix}{service.name}",
        host=settings.http_host,
        port=settings.http_port,
    )
