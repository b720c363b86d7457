"""Coaching forms, version by version, and the draft of the next one. Answers GET /v1/forms."""

from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from pydantic import BaseModel, computed_field
from sqlalchemy import func, or_, select

from services.coaching.deciders.form.soundness import missing_sections
from services.coaching.deciders.form.state import inserted
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
from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.queries import Page, Reads

DRAFT = 0
ContentsEvent = FormStarted | QuestionAdded | QuestionChanged | QuestionRemoved | FormPublished


@dataclass(frozen=True, slots=True)
class FormVersion:
    form_id: UUID
    version: int
    name: str | None = None
    questions: tuple[FormQuestion, ...] = ()
    changed: int | None = None
    note: str | None = None
    fresh_start: str | None = None


def version_of(event: ContentsEvent, _: Recorded) -> tuple[UUID, int]:
    return event.form_id, event.version if isinstance(event, FormPublished) else DRAFT


def version(row: FormVersion | None, event: ContentsEvent, recorded: Recorded) -> FormVersion:
    row = row or FormVersion(*version_of(event, recorded))
    match event:
        case FormStarted():
            return replace(row, name=event.name, questions=event.questions)
        case QuestionAdded():
            return replace(row, questions=inserted(row.questions, event))
        case QuestionChanged():
            there = (event.question if each.code == event.question.code else each for each in row.questions)
            return replace(row, questions=tuple(there))
        case QuestionRemoved():
            return replace(row, questions=tuple(each for each in row.questions if each.code != event.code))
        case FormPublished():
            return FormVersion(**dict(event))
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class Form:
    """What holds for all versions of a form. `drafted`: something was drafted since the newest version."""

    form_id: UUID
    newest: int | None = None
    drafted: bool = True
    retired: bool = False


def form_of(event: FormEvent, _: Recorded) -> UUID:
    return event.form_id


def form(row: Form | None, event: FormEvent, _: Recorded) -> Form:
    row = row or Form(event.form_id)
    match event:
        case FormStarted() | QuestionAdded() | QuestionChanged() | QuestionRemoved():
            return replace(row, drafted=True)
        case FormPublished():
            return replace(row, newest=event.version, drafted=False)
        case FormRetired():
            return replace(row, retired=True)
        case _:
            assert_never(event)


class FormItem(BaseModel):
    """Version 0 is the draft. `missing_sections` have no question yet: a form is published with all of them."""

    form_id: UUID
    version: int
    name: str
    questions: tuple[FormQuestion, ...]
    changed: int | None
    note: str | None
    fresh_start: str | None
    newest: bool
    retired: bool

    @computed_field  # type: ignore[prop-decorator]
    @property
    def missing_sections(self) -> tuple[str, ...]:
        return missing_sections(self.questions)


async def read(view: Reads, newest: bool | None = None) -> Page[FormItem]:
    row, form = view[FormVersion], view[Form]
    is_newest = func.coalesce(row.c.version == form.c.newest, False)
    query = (
        select(*row.c, is_newest.label("newest"), form.c.retired)
        .join(form, form.c.form_id == row.c.form_id)
        .where(view.seen(by=("everybody",)), or_(row.c.version != DRAFT, form.c.drafted))
    )
    if newest is not None:
        query = query.where(is_newest == newest)
    return await view.page(query, FormItem, order=("form_id", "version"))


read_model = ReadModel(
    "forms",
    version=1,
    rows=[
        Rows(FormVersion, key=("form_id", "version"), hears=ContentsEvent, rows_of=version_of, fold=version),
        Rows(Form, key=("form_id",), hears=FormEvent, rows_of=form_of, fold=form),
    ],
    query=read,
    seen_by="everybody",
    watched=Watched(by=("everybody",), key=("form_id",)),
)
