"""One form, started and published, as commands and facts; and a question to ask."""

from typing import Any

from services.coaching.deciders.form import PublishForm, RetireForm, StartForm
from services.coaching.deciders.form.starters import MONTHLY
from services.coaching.events.form import FormPublished, FormQuestion, FormRetired, FormStarted
from tests.coaching.cast import FORM

start = StartForm(form_id=FORM, name="Monthly talk", starter="monthly")
publish = PublishForm(form_id=FORM, note="The first one.")
retire = RetireForm(form_id=FORM)

started = FormStarted(form_id=FORM, name="Monthly talk", starter="monthly", questions=MONTHLY)
published = FormPublished(
    form_id=FORM,
    version=1,
    name="Monthly talk",
    questions=MONTHLY,
    changed=len(MONTHLY),
    note="The first one.",
)
retired = FormRetired(form_id=FORM)
FORMS = (started, published)


def asks(code: str, **told: Any) -> FormQuestion:
    fields = {"section": "other", "kind": "open", "text": "How was it?", "required": False} | told
    return FormQuestion(code=code, **fields)
