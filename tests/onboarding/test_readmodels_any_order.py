"""No order between streams changes a row, and nothing that was erased comes back or stands in the way."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from services.onboarding.readmodels import (
    check_results,
    onboarding_progress,
    people,
    preview_materials,
    previews,
    stage_guide,
    teams,
    template_insight,
    templates,
    welcome_list,
)
from services.onboarding.service import service
from shared.core.readmodel import ReadModel
from shared.testing.interleavings import Fact, assert_any_order, assert_folds_erased, history
from tests.onboarding.histories import JOURNEY_STREAM, ONNI_JOURNEY, WELCOME_EVENTS, WELCOME_STREAM, of_onni
from tests.onboarding.organisation import (
    AINO_STREAM,
    MATERIAL_STREAM,
    ONNI,
    ONNI_STREAM,
    OTHER_STREAM,
    PREVIEW_STREAM,
    TEAM_STREAM,
    TEMPLATE_STREAM,
    material_published,
    preview_shown,
)
from tests.onboarding.plan import template_drafted, template_published

OTHER = UUID(int=99)
ONNI_WELCOME = history(f"onboarding.welcome-{ONNI}", *of_onni(*WELCOME_EVENTS[:5]))
OTHER_TEMPLATE = history(
    f"onboarding.template-{OTHER}",
    *(fact.model_copy(update={"template_id": OTHER}) for fact in (template_drafted, template_published)),
)
OTHER_MATERIAL = history(f"onboarding.material-{OTHER}", material_published.model_copy(update={"material_id": OTHER}))
OTHER_PREVIEW = history(f"onboarding.preview-{OTHER}", preview_shown.model_copy(update={"candidate_id": OTHER}))

STREAMS: dict[str, tuple[ReadModel, Sequence[Sequence[Fact]]]] = {
    "people": (people.read_model, (AINO_STREAM, ONNI_STREAM)),
    "teams": (teams.read_model, (TEAM_STREAM, OTHER_STREAM, AINO_STREAM, ONNI_STREAM)),
    "templates": (templates.read_model, (TEMPLATE_STREAM, OTHER_TEMPLATE)),
    "preview_materials": (preview_materials.read_model, (MATERIAL_STREAM, OTHER_MATERIAL, PREVIEW_STREAM)),
    "previews": (previews.read_model, (PREVIEW_STREAM, OTHER_PREVIEW)),
    "welcome_list": (welcome_list.read_model, (WELCOME_STREAM, ONNI_WELCOME)),
    "onboarding_progress": (
        onboarding_progress.read_model,
        (JOURNEY_STREAM, ONNI_JOURNEY, WELCOME_STREAM, ONNI_WELCOME, AINO_STREAM, ONNI_STREAM),
    ),
    "stage_guide": (stage_guide.read_model, (JOURNEY_STREAM, ONNI_JOURNEY)),
    "check_results": (check_results.read_model, (JOURNEY_STREAM, ONNI_JOURNEY)),
    "template_insight": (template_insight.read_model, (JOURNEY_STREAM, ONNI_JOURNEY)),
}
every_read_model = pytest.mark.parametrize("name", STREAMS)


def test_every_read_model_of_the_service_is_shuffled() -> None:
    assert STREAMS.keys() == {read_model.name for read_model in service.read_models}


@every_read_model
def test_the_order_between_streams_changes_no_row(name: str) -> None:
    read_model, streams = STREAMS[name]
    assert_any_order(read_model, *streams)


@every_read_model
def test_what_was_erased_is_folded_as_null(name: str) -> None:
    read_model, streams = STREAMS[name]
    assert_folds_erased(read_model, *streams)


@every_read_model
def test_every_fact_it_hears_is_tried_here(name: str) -> None:
    read_model, streams = STREAMS[name]
    told = {fact.recorded.name for stream in streams for fact in stream}
    assert read_model.events.keys() <= told
