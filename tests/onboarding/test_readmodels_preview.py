"""Templates, preview materials and previews: versions, and which of them counts."""

from datetime import date
from uuid import UUID

from services.onboarding.deciders.template import Published, template
from services.onboarding.events.template import TemplateEvent, TemplatePublished
from services.onboarding.readmodels import preview_materials, previews, templates
from services.onboarding.readmodels.preview_materials import Retired, Shown
from services.onboarding.readmodels.previews import Preview
from services.onboarding.readmodels.templates import DRAFT, Contents, Template, Version
from shared.testing.interleavings import folded, history
from tests.onboarding.organisation import (
    MATERIAL,
    MATERIAL_STREAM,
    PREVIEW_STREAM,
    TEMPLATE_STREAM,
    material_published,
    material_renewed,
    measures,
    preview_acknowledged,
    preview_shown,
    template_redrafted,
)
from tests.onboarding.plan import (
    AINO,
    CANDIDATE,
    GOAL,
    KIT,
    TEMPLATE,
    basics,
    billing,
    first_response,
    template_drafted,
    template_published,
)
from tests.services.reading import Reading


def test_a_template_has_a_row_for_each_version_and_one_for_the_draft() -> None:
    rows = folded(templates.read_model, TEMPLATE_STREAM)
    contents = {"role_code": "agent", "final_goal": GOAL, "kit": KIT, "stages": (basics, first_response, billing)}
    first = Version(template_id=TEMPLATE, version=1, name="Tampere agent", note="First version.", **contents)  # type: ignore[arg-type]
    draft = Version(template_id=TEMPLATE, version=DRAFT, name="Tampere agent, shorter", **contents)  # type: ignore[arg-type]
    assert rows[Version] == {(TEMPLATE, 1): first, (TEMPLATE, DRAFT): draft}
    published = Contents(name="Tampere agent", **contents)
    assert rows[Template] == {TEMPLATE: Template(TEMPLATE, newest=1, published=published, drafted=True, retired=True)}


def test_a_draft_taken_back_to_what_is_published_is_no_newer_one_as_the_decider_says() -> None:
    newer = TemplatePublished(**dict(template_redrafted), version=2, note="Shorter.")
    one, other = template_drafted, template_redrafted
    facts: tuple[TemplateEvent, ...] = (one, template_published, other, one, other, newer, one, other)
    told: list[bool] = []
    for n in range(1, len(facts) + 1):
        row = folded(templates.read_model, history(f"onboarding.template-{TEMPLATE}", *facts[:n]))[Template][TEMPLATE]
        state = template.fold(facts[:n])
        assert row.drafted == (not isinstance(state, Published) or state.newer_draft)
        told.append(row.drafted)
    assert told == [True, False, True, False, True, False, True, False]


async def test_a_draft_is_shown_until_it_is_published(reading: Reading) -> None:
    stream = f"onboarding.template-{TEMPLATE}"
    await reading.told(history(stream, template_drafted))
    assert [each["version"] for each in await reading.items("templates")] == [DRAFT]
    await reading.told(history(stream, template_drafted, template_published))
    assert [each["version"] for each in await reading.items("templates")] == [1]
    back = (template_drafted, template_published, template_redrafted, template_drafted)
    await reading.told(history(stream, *back))
    assert [each["version"] for each in await reading.items("templates")] == [1]
    newer = template_published.model_copy(update={"version": 2})
    await reading.told(history(stream, template_drafted, template_published, template_redrafted, newer))
    assert [(each["version"], each["newest"]) for each in await reading.items("templates")] == [(1, False), (2, True)]
    newest = await reading.item("templates", newest=True)
    expected = template_published.model_dump(mode="json")
    assert newest == {**expected, "version": 2, "newest": True, "retired": False}
    assert await reading.items("templates", role_code="expert") == []


async def test_templates_are_for_those_who_plan_onboarding(reading: Reading) -> None:
    await reading.told(TEMPLATE_STREAM)
    for role in "HSM":
        assert all(each["retired"] for each in await reading.items("templates", role))
    for role in "ATPNC":
        assert (await reading.get("templates", role)).status_code == 404


def test_materials_are_kept_by_version() -> None:
    rows = folded(preview_materials.read_model, MATERIAL_STREAM + PREVIEW_STREAM)
    assert rows[preview_materials.Version] == {
        (MATERIAL, 1): preview_materials.Version(MATERIAL, 1, "agent", (measures,)),
        (MATERIAL, 2): preview_materials.Version(MATERIAL, 2, "agent", ()),
    }
    assert rows[Retired] == {MATERIAL: Retired(MATERIAL)}
    assert rows[Shown] == {CANDIDATE: Shown(CANDIDATE, MATERIAL, 2)}


async def test_a_candidate_reads_the_version_that_was_shown(reading: Reading) -> None:
    published = history(f"onboarding.material-{MATERIAL}", material_published, material_renewed)
    await reading.told(published, history(f"onboarding.preview-{CANDIDATE}", preview_shown))
    mine = await reading.item("preview-materials", "C", CANDIDATE)
    assert mine == {**material_published.model_dump(mode="json"), "retired": False}
    assert await reading.items("preview-materials", "C", AINO) == []
    assert len(await reading.items("preview-materials", "S", role_code="agent")) == 2
    assert await reading.items("preview-materials", role_code="expert") == []
    assert (await reading.get("preview-materials", "A")).status_code == 404


def preview(*facts: object) -> Preview:
    (found,) = folded(previews.read_model, history("onboarding.preview", *facts))[Preview].values()  # type: ignore[arg-type]
    assert isinstance(found, Preview)
    return found


def test_a_preview_is_shown_acknowledged_and_shown_anew() -> None:
    acknowledged = Preview(
        candidate_id=CANDIDATE,
        role_code="agent",
        material_id=MATERIAL,
        version=1,
        shown_on=date(2027, 3, 1),
        acknowledged=True,
        understood=("service-level",),
        questions="May I bring my dog?",
        withdrawn=None,
    )
    assert preview(preview_shown, preview_acknowledged) == acknowledged
    (newest,) = folded(previews.read_model, PREVIEW_STREAM)[Preview].values()
    assert (newest.version, newest.acknowledged, newest.withdrawn) == (2, False, "other-job")


async def test_previews_are_found_by_whether_they_were_acknowledged(reading: Reading) -> None:
    other = UUID(int=98)
    shown = preview_shown.model_copy(update={"candidate_id": other})
    stream = history(f"onboarding.preview-{CANDIDATE}", preview_shown, preview_acknowledged)
    await reading.told(stream, history(f"onboarding.preview-{other}", shown))
    found = await reading.item("previews", acknowledged=True)
    assert found == {
        "candidate_id": str(CANDIDATE),
        "role_code": "agent",
        "material_id": str(MATERIAL),
        "version": 1,
        "shown_on": "2027-03-01",
        "acknowledged": True,
        "understood": ["service-level"],
        "questions": "May I bring my dog?",
        "withdrawn": None,
    }
    assert (await reading.item("previews", "S", acknowledged=False))["candidate_id"] == str(other)
    assert (await reading.get("previews", "M")).status_code == 404
