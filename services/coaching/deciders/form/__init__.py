"""A coaching form: drafted question by question, published in versions that sessions are held with, retired."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.form.commands import (
    AddQuestion,
    ChangeQuestion,
    FormCommand,
    PublishForm,
    RemoveQuestion,
    RetireForm,
    StartForm,
)
from services.coaching.deciders.form.soundness import differing, refuse_incomplete, refuse_unfit
from services.coaching.deciders.form.starters import STARTERS
from services.coaching.deciders.form.state import (
    Form,
    Missing,
    Retired,
    evolve,
    in_use,
    known,
    newest_of,
)
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
from shared.core.decider import Asked, Decider, Look, LookUps, Rejected, Seen, over

MOST_QUESTIONS = 40
MOST_CHANGES = 3


def decide(command: FormCommand, form: Form, seen: Seen, asked: Asked) -> Sequence[FormEvent]:
    match command:
        case StartForm():
            return _start(command, form, seen)
        case AddQuestion():
            return _add(command, form)
        case ChangeQuestion():
            return _change(command, form)
        case RemoveQuestion():
            return _remove(command, form)
        case PublishForm():
            return _publish(command, form)
        case RetireForm():
            return _retire(command, form)
        case _:
            assert_never(command)


def _start(command: StartForm, form: Form, seen: Seen) -> Sequence[FormEvent]:
    if not isinstance(form, Missing):
        if known(form).begun == (command.name, command.starter, command.copy_of):
            return []
        raise Rejected("form-exists", "a form with this id was started with another name or starter")
    return [FormStarted(**dict(command), questions=_questions(command, seen))]


def _questions(command: StartForm, seen: Seen) -> tuple[FormQuestion, ...]:
    if command.copy_of is None:
        return STARTERS[command.starter]
    copied = newest_of(seen.copied)
    if copied is None:
        raise Rejected("form-unpublished", "only a form that was published can be copied")
    return copied.questions


def _add(command: AddQuestion, form: Form) -> Sequence[FormEvent]:
    draft, question = known(form).draft, command.question
    if question in draft:
        return []
    _refuse_retired(form)
    if question.code in {each.code for each in draft}:
        raise Rejected("code-repeated", f"the form asks {question.code} already, in another way")
    if len(draft) >= MOST_QUESTIONS:
        raise Rejected("too-many-questions", f"a form asks {MOST_QUESTIONS} questions at most")
    refuse_unfit(question)
    return [QuestionAdded(**dict(command))]


def _change(command: ChangeQuestion, form: Form) -> Sequence[FormEvent]:
    draft, question = known(form).draft, command.question
    if question in draft:
        return []
    _refuse_retired(form)
    if question.code not in {each.code for each in draft}:
        raise Rejected("question-unknown", f"the form does not ask {question.code}")
    refuse_unfit(question)
    return [QuestionChanged(**dict(command))]


def _remove(command: RemoveQuestion, form: Form) -> Sequence[FormEvent]:
    if command.code not in {each.code for each in known(form).draft}:
        return []
    _refuse_retired(form)
    return [QuestionRemoved(**dict(command))]


def _publish(command: PublishForm, form: Form) -> Sequence[FormEvent]:
    drafted, newest = known(form), newest_of(form)
    if newest is not None and newest.questions == drafted.draft:
        return []
    _refuse_retired(form)
    refuse_incomplete(drafted.draft)
    changed = differing(newest.questions if newest else (), drafted.draft)
    if newest is not None and changed > MOST_CHANGES and command.fresh_start is None:
        raise Rejected("too-many-changes", f"{changed} questions differ: a fresh start says why")
    return [
        FormPublished(
            form_id=command.form_id,
            version=newest.version + 1 if newest else 1,
            name=drafted.begun.name,
            questions=drafted.draft,
            changed=changed,
            note=command.note,
            fresh_start=command.fresh_start,
        )
    ]


def _retire(command: RetireForm, form: Form) -> Sequence[FormEvent]:
    known(form)
    return [] if isinstance(form, Retired) else [FormRetired(form_id=command.form_id)]


def _refuse_retired(form: Form) -> None:
    if isinstance(form, Retired):
        raise over("form")


def look_ups(command: FormCommand, state: Form) -> LookUps:
    """The copied form, and nothing else."""
    if isinstance(command, StartForm) and command.copy_of is not None:
        return {"copied": Look(form, stream_of(command.copy_of))}
    return {}


def stream_of(form_id: UUID) -> str:
    return f"coaching.form-{form_id}"


form: Decider[FormCommand, Form, FormEvent] = Decider(
    kind="form",
    commands=FormCommand,
    events=FormEvent,
    stream=lambda command: stream_of(command.form_id),
    initial=Missing(),
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)

__all__ = [
    "AddQuestion",
    "ChangeQuestion",
    "PublishForm",
    "RemoveQuestion",
    "RetireForm",
    "StartForm",
    "form",
    "in_use",
    "newest_of",
    "stream_of",
]
