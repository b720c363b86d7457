"""The organisation that onboarding's table of who may do what is tried on."""

import tomllib
from datetime import date
from pathlib import Path
from uuid import UUID

from services.onboarding.events.structure import PersonJoinedTeam, SupervisorAppointed
from services.onboarding.service import service
from shared.testing.interleavings import history
from tests.onboarding.aino import IN_FIRST_RESPONSE
from tests.onboarding.histories import WELCOME_EVENTS, WELCOME_STREAM, of_onni, onni_failed
from tests.onboarding.organisation import (
    MATERIAL,
    ONNI,
    TEMPLATE_STREAM,
    aino_joined,
    material_published,
    onni_joined,
    other_formed,
    preview_shown,
    team_formed,
)
from tests.onboarding.plan import AINO, CANDIDATE, HANNA, MONDAY, OTHER_TEAM, SANNA, TEAM, TUULA, at
from tests.services.authorised import Caller, Organisation

KIM, NEWCOMER, MARKKU, STRANGER = UUID(int=6), UUID(int=7), UUID(int=8), UUID(int=99)
CALLERS = {
    "H": Caller(STRANGER, "H"),
    "M": Caller(STRANGER, "M"),
    "M here": Caller(STRANGER, "M", "tampere"),
    "M there": Caller(STRANGER, "M", "turku"),
    "S here": Caller(SANNA, "S"),
    "deputy here": Caller(TUULA, "S"),
    "S there": Caller(HANNA, "S"),
    "S once here": Caller(MARKKU, "S"),
    "A aino": Caller(AINO, "A"),
    "A colleague": Caller(KIM, "A"),
    "A onni": Caller(ONNI, "A"),
    "T": Caller(STRANGER, "T"),
    "P": Caller(STRANGER, "P"),
    "N": Caller(STRANGER, "N"),
    "O": Caller(STRANGER, "O"),
    "C candidate": Caller(CANDIDATE, "C"),
    "C somebody": Caller(NEWCOMER, "C"),
    "leader without the role": Caller(SANNA, "A"),
    "aino without a role": Caller(AINO, ""),
}

markku_led = SupervisorAppointed(team_id=TEAM, supervisor_id=MARKKU, since=date(2027, 1, 1))
sanna_leads = SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=TUULA, since=date(2027, 3, 1))
hanna_leads = SupervisorAppointed(team_id=OTHER_TEAM, supervisor_id=HANNA, since=date(2027, 3, 1))
kim_joined = PersonJoinedTeam(person_id=KIM, team_id=TEAM, display_name="Kim", role_code="agent", joined_on=MONDAY)
STREAMS = (
    history(f"onboarding.team-{TEAM}", team_formed, markku_led, sanna_leads),
    history(f"onboarding.team-{OTHER_TEAM}", other_formed, hanna_leads),
    history(f"onboarding.person-{AINO}", aino_joined),
    history(f"onboarding.person-{KIM}", kim_joined),
    history(f"onboarding.person-{ONNI}", onni_joined.model_copy(update={"team_id": OTHER_TEAM})),
    WELCOME_STREAM,
    history(f"onboarding.welcome-{ONNI}", *of_onni(*WELCOME_EVENTS)),
    history(f"onboarding.journey-{AINO}", *IN_FIRST_RESPONSE),
    history(f"onboarding.journey-{ONNI}", *of_onni(*IN_FIRST_RESPONSE), onni_failed),
    history(f"onboarding.material-{MATERIAL}", material_published),
    history(f"onboarding.preview-{CANDIDATE}", preview_shown),
    TEMPLATE_STREAM,
)
onboarding = Organisation(
    service=service,
    table=tomllib.loads(Path(__file__).with_name("authorisation.toml").read_text()),
    callers=CALLERS,
    streams=STREAMS,
    named={"team_id": TEAM, "person_id": AINO, "candidate_id": CANDIDATE},
    whose={AINO: "here", KIM: "here", ONNI: "there"},
    now=at(8),
)
