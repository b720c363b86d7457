"""A run that could not have a broker says so at its end, and in CI it fails."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
ASKS_FOR_A_BROKER = "tests/shared/test_parts.py::test_topics_live_on_the_shared_broker"


def _run_without_a_broker(**env: str) -> "subprocess.CompletedProcess[str]":
    """No Docker engine answers there, and no Java is on the path."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("LUOTSI_", "CI", "PYTEST"))}
    bare |= {"DOCKER_HOST": "unix:///nowhere.sock", "PATH": str(Path(sys.executable).parent)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", ASKS_FOR_A_BROKER]
    return subprocess.run(command, cwd=PROJECT, env=bare | env, capture_output=True, text=True, check=False)


def test_a_skipped_broker_is_among_the_last_lines() -> None:
    run = _run_without_a_broker()
    assert run.returncode == 0
    assert "1 test(s) NOT RUN. Skipped: No kafka" in run.stdout.splitlines()[-2]


def test_in_ci_a_missing_broker_is_a_failure() -> None:
    run = _run_without_a_broker(CI="1")
    assert run.returncode == 1
    assert "No kafka: LUOTSI_TEST_KAFKA is not set; no Docker engine" in run.stdout
