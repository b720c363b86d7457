"""Where a form stands: its draft, and the version that is in use."""

from dataclasses import dataclass
from typing import NamedTuple, assert_never
from uuid import UUID

from services.coaching.events.form import (
    FormEvent,
    FormPublished,
    FormQuestion,
    FormRetired,
    FormStarted,
    QuestionAdded,
    QuestionChanged,
    QuestionRemoved,
)
from shared.core.decider import unknown
from shared.core.replacing import replace


class Begun(NamedTuple):
    """With what a form was started: the same command again is answered by nothing."""

    name: str
    starter: str
    copy_of: UUID | None


@dataclass(frozen=True, slots=True)
class Missing:
    pass


@dataclass(frozen=True, slots=True)
class Drafted:
    """Never published."""

    begun: Begun
    draft: tuple[FormQuestion, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """Sessions are held with `newest`; the draft may be newer."""

    begun: Begun
    draft: tuple[FormQuestion, ...]
    newest: FormPublished


@dataclass(frozen=True, slots=True)
class Retired:
    form: Drafted | Published


Form = Missing | Drafted | Published | Retired


def known(form: Form) -> Drafted | Published:
    match form:
        case Missing():
            raise unknown("form")
        case Drafted() | Published():
            return form
        case Retired():
            return form.form
        case _:
            assert_never(form)


def newest_of(form: Form) -> FormPublished | None:
    """The newest published version, of a retired form too: it serves to the end."""
    published = form.form if isinstance(form, Retired) else form
    return published.newest if isinstance(published, Published) else None


def in_use(form: Form) -> FormPublished | None:
    """The version that new sessions may be booked with."""
    return form.newest if isinstance(form, Published) else None


def evolve(form: Form, event: FormEvent) -> Form:
    match event:
        case FormStarted():
            return Drafted(Begun(event.name, event.starter, event.copy_of), event.questions)
        case QuestionAdded():
            return _redrafted(form, inserted(known(form).draft, event))
        case QuestionChanged():
            draft = known(form).draft
            changed = tuple(event.question if each.code == event.question.code else each for each in draft)
            return _redrafted(form, changed)
        case QuestionRemoved():
            return _redrafted(form, tuple(each for each in known(form).draft if each.code != event.code))
        case FormPublished():
            return Published(known(form).begun, known(form).draft, event)
        case FormRetired():
            return Retired(known(form))
        case _:
            assert_never(event)


def _redrafted(form: Form, draft: tuple[FormQuestion, ...]) -> Form:
    return replace(known(form), draft=draft)


def inserted(draft: tuple[FormQuestion, ...], event: QuestionAdded) -> tuple[FormQuestion, ...]:
    """After the named question; at the end when none is named, or when it is not asked any more."""
    codes = [each.code for each in draft]
    place = codes.index(event.after) + 1 if event.after in codes else len(draft)
    return (*draft[:place], event.question, *draft[place:])
