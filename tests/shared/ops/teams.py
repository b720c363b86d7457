"""Something that can be asked of the platform."""

from uuid import uuid4

import httpx

from shared.web.tokens import Tokens
from tests.shared.ops.processes import SECRET, Running

TENANT = "tests"


def headers(role: str = "H") -> dict[str, str]:
    return {"Authorization": f"Bearer {Tokens(secret=SECRET).issue(str(uuid4()), TENANT, role)}"}


def form_team(platform: Running) -> str:
    """Its stream."""
    team = {"team_id": str(uuid4()), "name": "One", "site": "tampere", "time_zone": "Europe/Helsinki"}
    answered = httpx.post(f"{platform.url}/v1/form-team", json=team, headers=headers(), timeout=20)
    assert answered.status_code == 200, answered.text
    return str(answered.json()["stream"])
