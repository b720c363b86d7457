"""What can be asked about a person in the organisation."""

from typing import Annotated, Literal
from uuid import UUID

from shared.core.decider import Command, example, if_unknown
from shared.core.event import Personal
from shared.core.types import Code, Day, Text80

LeavingReason = Literal["own-choice", "fixed-term-ended", "trial-period", "retired", "other"]


class JoinTeam(Command):
    """Take a person into a team: for the first time, with a corrected name or day, or after a leaving."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        team_id="0195b1c0-0000-7000-8000-0000000000b1",
        display_name="Aino",
        role_code="agent",
        joined_on="2027-02-26",
    )
    refused = if_unknown("team") | {"already-in-team": "the person is in another team: move there instead"}
    person_id: UUID
    team_id: UUID
    display_name: Annotated[Text80, Personal("person_id")]
    role_code: Code
    joined_on: Day


class MoveToTeam(Command):
    """Move a person to another team from a day on, which may lie ahead."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        team_id="0195b1c0-0000-7000-8000-0000000000b2",
        from_day="2027-06-01",
    )
    refused = if_unknown("person") | if_unknown("team") | {"person-left": "the person has left by that day"}
    person_id: UUID
    team_id: UUID
    from_day: Day


class ChangeRole(Command):
    """Give a person another role from a day on."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001", role_code="senior-agent", since="2027-09-01"
    )
    refused = if_unknown("person") | {"person-left": "the person has left, or the last day is known"}
    person_id: UUID
    role_code: Code
    since: Day


class RecordLeaving(Command):
    """Record a person's last day, which may lie ahead."""

    model_config = example(person_id="0195b1c0-0000-7000-8000-000000000001", last_day="2027-12-31", reason="own-choice")
    refused = if_unknown("person") | {
        "already-left": "the person left on another day: take them into the team again first"
    }
    person_id: UUID
    last_day: Day
    reason: Annotated[LeavingReason, Personal("person_id")]


PersonCommand = JoinTeam | MoveToTeam | ChangeRole | RecordLeaving
