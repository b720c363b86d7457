"""The read models about conversations."""

from services.coaching.readmodels import (
    action_list,
    cadence_compliance,
    coach_load,
    coaching_calendar,
    forms,
    goal_list,
    issue_list,
    recognition_list,
    session_prep,
    session_record,
    team_board,
)

READ_MODELS = (
    forms.read_model,
    coaching_calendar.read_model,
    cadence_compliance.read_model,
    session_record.read_model,
    session_prep.read_model,
    action_list.read_model,
    issue_list.read_model,
    goal_list.read_model,
    recognition_list.read_model,
    coach_load.read_model,
    team_board.read_model,
)
