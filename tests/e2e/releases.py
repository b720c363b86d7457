"""Releases of a service that should not have been deployed."""

from collections.abc import Callable
from typing import Any

from shared.core.service import Service


def _cannot_fold(row: Any, event: Any, recorded: Any) -> Any:
    raise KeyError("a field that only newer facts have")


def broken_fold(service: Service) -> None:
    """`teams` folds no fact any more."""
    (teams,) = (model for model in service.read_models if model.name == "teams")
    object.__setattr__(teams.rows[0], "fold", _cannot_fold)


RELEASES: dict[str, Callable[[Service], None]] = {"broken fold": broken_fold}
