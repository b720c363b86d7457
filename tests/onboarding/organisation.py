"""What surrounds the hires as facts: a team and who is in it, the preview of the job, the template."""

from datetime import date
from uuid import UUID

from services.onboarding.events.preview import (
    CandidateWithdrew,
    MaterialPublished,
    MaterialRetired,
    PreviewAcknowledged,
    PreviewShown,
)
from services.onboarding.events.shapes import Measure, Section
from services.onboarding.events.structure import (
    PersonJoinedTeam,
    PersonLeft,
    PersonMovedTeam,
    RoleChanged,
    SupervisorAppointed,
    TeamDisbanded,
    TeamFormed,
    TeamRenamed,
)
from services.onboarding.events.template import TemplateRetired
from shared.testing.interleavings import history
from tests.onboarding.plan import (
    AINO,
    CANDIDATE,
    HANNA,
    MONDAY,
    OTHER_TEAM,
    SANNA,
    TEAM,
    TUULA,
    template_drafted,
    template_published,
)

ONNI, MATERIAL = UUID(int=5), UUID(int=51)

# The team, and who is in it

team_formed = TeamFormed(team_id=TEAM, name="Tampere customer service", site="tampere", time_zone="Europe/Helsinki")
team_renamed = TeamRenamed(team_id=TEAM, name="Tampere care")
sanna_appointed = SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=TUULA, since=date(2027, 3, 1))
hanna_appointed = SupervisorAppointed(team_id=TEAM, supervisor_id=HANNA, since=date(2027, 4, 1))
other_formed = TeamFormed(team_id=OTHER_TEAM, name="Turku care", site="turku", time_zone="Europe/Helsinki")
other_disbanded = TeamDisbanded(team_id=OTHER_TEAM, on=date(2027, 12, 31))

aino_joined = PersonJoinedTeam(person_id=AINO, team_id=TEAM, display_name="Aino", role_code="agent", joined_on=MONDAY)
aino_moved = PersonMovedTeam(person_id=AINO, from_team_id=TEAM, to_team_id=OTHER_TEAM, from_day=date(2027, 6, 1))
aino_promoted = RoleChanged(person_id=AINO, role_code="expert", since=date(2027, 6, 1))
onni_joined = PersonJoinedTeam(person_id=ONNI, team_id=TEAM, display_name="Onni", role_code="agent", joined_on=MONDAY)
onni_left = PersonLeft(person_id=ONNI, team_id=TEAM, last_day=date(2027, 3, 31), reason="own-choice")

TEAM_STREAM = history(f"onboarding.team-{TEAM}", team_formed, sanna_appointed, team_renamed, hanna_appointed)
OTHER_STREAM = history(f"onboarding.team-{OTHER_TEAM}", other_formed, other_disbanded)
AINO_STREAM = history(f"onboarding.person-{AINO}", aino_joined, aino_moved, aino_promoted)
ONNI_STREAM = history(f"onboarding.person-{ONNI}", onni_joined, onni_left)

# The preview

measures = Section(
    topic="measures",
    title="What is measured",
    body="Two measures, and why.",
    measures=(Measure(measure="service-level", why="availability", reason="Nobody likes to wait."),),
)
material_published = MaterialPublished(material_id=MATERIAL, version=1, role_code="agent", sections=(measures,))
material_renewed = MaterialPublished(material_id=MATERIAL, version=2, role_code="agent", sections=())
material_retired = MaterialRetired(material_id=MATERIAL)
preview_shown = PreviewShown(
    candidate_id=CANDIDATE,
    material_id=MATERIAL,
    version=1,
    role_code="agent",
    measures=("service-level",),
    shown_on=date(2027, 3, 1),
)
preview_acknowledged = PreviewAcknowledged(
    candidate_id=CANDIDATE, version=1, understood=("service-level",), questions="May I bring my dog?"
)
newer_shown = preview_shown.model_copy(update={"version": 2, "shown_on": date(2027, 3, 3)})
candidate_withdrew = CandidateWithdrew(candidate_id=CANDIDATE, reason="other-job")

MATERIAL_STREAM = history(f"onboarding.material-{MATERIAL}", material_published, material_renewed, material_retired)
PREVIEW_STREAM = history(
    f"onboarding.preview-{CANDIDATE}", preview_shown, preview_acknowledged, newer_shown, candidate_withdrew
)

# The template

template_redrafted = template_drafted.model_copy(update={"name": "Tampere agent, shorter"})
template_retired = TemplateRetired(template_id=template_drafted.template_id)
TEMPLATE_STREAM = history(
    f"onboarding.template-{template_drafted.template_id}",
    template_drafted,
    template_published,
    template_redrafted,
    template_retired,
)
