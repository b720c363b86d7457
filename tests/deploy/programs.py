"""Programs of others that a test cannot do without."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def needed(*names: str) -> str:
    """The first of them that is here. In CI their absence is a failure."""
    for name in names:
        if (found := shutil.which(name)) is not None:
            return found
    reason = f"No {' or '.join(names)}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def output(*words: str, cwd: Path) -> str:
    ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=cwd)
    assert ran.returncode == 0, f"{' '.join(words)}: {ran.stdout}{ran.stderr}"
    return ran.stdout
