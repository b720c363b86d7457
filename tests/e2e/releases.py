"""Releases of a service that should not have been deployed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shared.core.service import Service


def _cannot_fold(row: Any, event: Any, recorded: Any) -> Any:
    raise KeyError("a field that only newer facts have")


def broken_fold(service: Service) -> None:
    """`teams` folds no fact any more."""
    _fold_teams_by(service, _cannot_fold)


def wrong_fold(service: Service) -> None:
    """`teams` have no names any more, and nothing fails."""
    (teams,) = (model for model in service.read_models if model.name == "teams")
    right = teams.rows[0].fold
    _fold_teams_by(service, lambda row, event, recorded: replace(right(row, event, recorded), name=None))


def _fold_teams_by(service: Service, fold: Callable[[Any, Any, Any], Any]) -> None:
    (teams,) = (model for model in service.read_models if model.name == "teams")
    object.__setattr__(teams.rows[0], "fold", fold)


RELEASES: dict[str, Callable[[Service], None]] = {"broken fold": broken_fold, "wrong fold": wrong_fold}
