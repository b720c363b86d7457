"""No order between streams changes a row about conversations, and nothing that was erased stands in the way."""

from collections.abc import Sequence

import pytest

from services.coaching.readmodels import (
    action_list,
    cadence_compliance,
    coach_load,
    coaching_calendar,
    directory,
    forms,
    goal_list,
    issue_list,
    recognition_list,
    session_prep,
    session_record,
    team_board,
)
from services.coaching.readmodels.conversations import READ_MODELS
from shared.core.readmodel import ReadModel
from shared.testing.interleavings import Fact, assert_any_order, assert_folds_erased
from tests.coaching.conversation_streams import (
    ACTION_STREAMS,
    FORM_STREAM,
    GOALS_STREAM,
    ISSUE_STREAM,
    ONNI_PLAN_STREAM,
    OTHER_FORM_STREAM,
    OTHER_ISSUE_STREAM,
    OTHER_THANKS_STREAM,
    PLAN_STREAM,
    SESSION_STREAMS,
    THANKS_STREAM,
    TUULAS_GOALS_STREAM,
)
from tests.coaching.heard import (
    DANI_STREAM,
    DEFERRED_STREAM,
    ITEM_STREAM,
    JOURNEY_STREAM,
    MESSAGE_STREAM,
    NEXT_WEEK_STREAM,
    ONNI_JOURNEY_STREAM,
    OTHER_ITEM_STREAM,
    OTHER_MESSAGE_STREAM,
    QUIET_TEAM_STREAM,
    WEEK_STREAM,
)
from tests.coaching.learning_streams import EVALUATION_STREAM, FLOOR, VOIDED_STREAM

FORMS = (FORM_STREAM, OTHER_FORM_STREAM)
PLANS = (PLAN_STREAM, ONNI_PLAN_STREAM)
GOALS = (GOALS_STREAM, TUULAS_GOALS_STREAM)
THANKS = (THANKS_STREAM, OTHER_THANKS_STREAM)
ISSUES = (ISSUE_STREAM, OTHER_ISSUE_STREAM)
MESSAGES = (MESSAGE_STREAM, OTHER_MESSAGE_STREAM)
JOURNEYS = (JOURNEY_STREAM, ONNI_JOURNEY_STREAM)
STREAMS: dict[str, tuple[ReadModel, Sequence[Sequence[Fact]]]] = {
    "forms": (forms.read_model, FORMS),
    "coaching_calendar": (coaching_calendar.read_model, SESSION_STREAMS),
    "cadence_compliance": (cadence_compliance.read_model, (*PLANS, *SESSION_STREAMS)),
    "session_record": (session_record.read_model, (*SESSION_STREAMS, *FORMS, *ACTION_STREAMS)),
    "session_prep": (
        session_prep.read_model,
        (
            *(*SESSION_STREAMS, *FORMS, *ACTION_STREAMS, PLAN_STREAM, *GOALS, *THANKS),
            *(EVALUATION_STREAM, VOIDED_STREAM, *JOURNEYS, *MESSAGES),
        ),
    ),
    "action_list": (action_list.read_model, ACTION_STREAMS),
    "issue_list": (issue_list.read_model, ISSUES),
    "goal_list": (goal_list.read_model, GOALS),
    "recognition_list": (recognition_list.read_model, THANKS),
    "coach_load": (coach_load.read_model, SESSION_STREAMS),
    "team_board": (
        team_board.read_model,
        (
            *(*JOURNEYS, *SESSION_STREAMS, *PLANS, *ACTION_STREAMS, *ISSUES, *MESSAGES),
            *(ITEM_STREAM, OTHER_ITEM_STREAM, DEFERRED_STREAM, WEEK_STREAM, NEXT_WEEK_STREAM),
        ),
    ),
    "directory": (directory.read_model, (*FLOOR, QUIET_TEAM_STREAM, DANI_STREAM)),
}
every_read_model = pytest.mark.parametrize("name", STREAMS)


def test_every_read_model_about_conversations_is_shuffled() -> None:
    assert STREAMS.keys() - {"directory"} == {read_model.name for read_model in READ_MODELS}


@every_read_model
def test_the_order_between_streams_changes_no_row(name: str) -> None:
    read_model, streams = STREAMS[name]
    assert_any_order(read_model, *streams)


@every_read_model
def test_what_was_erased_is_nowhere_and_stands_in_nobodys_way(name: str) -> None:
    read_model, streams = STREAMS[name]
    assert_folds_erased(read_model, *streams)


@every_read_model
def test_every_fact_it_hears_is_tried_here(name: str) -> None:
    read_model, streams = STREAMS[name]
    told = {fact.recorded.name for stream in streams for fact in stream}
    assert read_model.events.keys() <= told
