"""What the README shows to front-end developers, pasted as it stands into a folder where nothing is yet."""

import json
import subprocess
from pathlib import Path

from tests.parts.server import free_port
from tests.shared.ops.commanding import PROGRAM, environment

README = Path(__file__).parents[2] / "README.md"


def test_the_first_query_shows_what_the_command_before_it_did(tmp_path: Path) -> None:
    """The output of `up` in the background is another's: what is left are the rows."""
    port = str(free_port())
    shown = README.read_text().partition("## For a front-end")[2].partition("```sh\n")[2].partition("```")[0]
    block = shown.replace("localhost:8000", f"localhost:{port}").replace(".venv/bin/luotsi", PROGRAM)
    pasted = f"set -e; trap 'kill $(jobs -p); wait' EXIT\n{block.replace('luotsi up &', 'luotsi up >/dev/null &')}"
    env = environment(data_dir=str(tmp_path / "data"), http_port=port)
    told = subprocess.run(["bash"], input=pasted, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    (team,) = json.loads(told.stdout)["items"]
    assert team["name"] == "Palvelu 1"
