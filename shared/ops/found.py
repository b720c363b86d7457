"""The services that are installed here. The kit knows none by name: it looks into the package `services`."""

import pkgutil
from importlib import import_module

from shared.core.service import Service
from shared.ops.printing import WrongUse


class NoSuchService(WrongUse):
    def __init__(self, name: str) -> None:
        super().__init__(f"there is no service {name} here; there is: {', '.join(names()) or 'none'}")


def names() -> list[str]:
    package = import_module("services")
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg)


def service(name: str) -> Service:
    if name not in names():
        raise NoSuchService(name)
    found: Service = import_module(f"services.{name}.service").service
    return found


def stream_of(said: str, only: str | None = None) -> tuple[Service, str]:
    """A stream's service and its whole name; with the service said, its name in front may be left out."""
    name = only or said.partition(".")[0]
    if only is None and ("." not in said or name not in names()):
        known = ", ".join(names()) or "none"
        raise WrongUse(f"{said}: streams are called <service>.<kind>-<id>, of the services here: {known}")
    found = service(name)
    return found, said if said.startswith(f"{name}.") else f"{name}.{said}"


def services(only: str | None = None) -> list[Service]:
    return [service(name) for name in ([only] if only else names())]
