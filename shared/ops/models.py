"""A read model, and how much of its time a process gives to it, as the command line says them."""

from typing import TYPE_CHECKING, Annotated

import typer

from shared.ops.printing import WrongUse

if TYPE_CHECKING:
    from shared.core.readmodel import ReadModel
    from shared.core.service import Service

Model = Annotated[str, typer.Argument(help="The read model.")]
Throttle = Annotated[
    str, typer.Option(help="The share of its time in which it works, in per cent; or none: all, on several processors.")
]


def model_of(service: "Service", name: str) -> "ReadModel":
    by_name = {model.name: model for model in service.read_models}
    if name not in by_name:
        raise WrongUse(f"{service.name} has no read model {name}; there is: {', '.join(sorted(by_name))}")
    return by_name[name]


def share_of(throttle: str) -> float | None:
    """None is all of the time."""
    if throttle == "none":
        return None
    per_cent = throttle.removesuffix("%")
    if not per_cent.isdigit() or not 1 <= int(per_cent) <= 100:
        raise WrongUse("--throttle: is a number of per cent from 1 to 100, or none")
    return None if int(per_cent) == 100 else int(per_cent) / 100
