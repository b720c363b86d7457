"""What may be asked about forms, plans, sessions, actions, issues, goals and recognitions."""

from services.coaching.deciders.form import (
    AddQuestion,
    ChangeQuestion,
    PublishForm,
    RemoveQuestion,
    RetireForm,
    StartForm,
)
from shared.core.access import Ask, may

ASKS: tuple[Ask, ...] = (
    # form
    Ask(StartForm, may("H", "S", "M")),
    Ask(AddQuestion, may("H", "S", "M")),
    Ask(ChangeQuestion, may("H", "S", "M")),
    Ask(RemoveQuestion, may("H", "S", "M")),
    Ask(PublishForm, may("H", "S", "M")),
    Ask(RetireForm, may("H", "M")),
)
