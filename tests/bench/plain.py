"""The route of a command as FastAPI alone has it: the same body is checked, and a receipt made up. Same server too."""

import os
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from services.onboarding.deciders.team import RenameTeam
from shared.run.loop import run_until_done
from shared.run.serving import Serving

app = FastAPI()


class Receipt(BaseModel):
    stream: str
    version: int
    position: int
    facts: tuple[str, ...]


@app.get("/readyz")
async def ready() -> dict[str, Any]:
    return {}


@app.post("/v1/rename-team")
async def rename_team(command: RenameTeam) -> Receipt:
    stream = f"onboarding.team-{command.team_id}"
    return Receipt(stream=stream, version=1, position=1, facts=("onboarding.team-renamed",))


if __name__ == "__main__":
    run_until_done(Serving(app, "127.0.0.1", int(os.environ["LUOTSI_HTTP_PORT"])).run())
