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


def services(only: str | None = None) -> list[Service]:
    return [service(name) for name in ([only] if only else names())]
