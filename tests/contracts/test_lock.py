"""The lock installs anywhere, also with the pip an old Python brought along."""

import re
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = (Path(__file__).parents[2] / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {
    canonicalize_name(pin.name): pin
    for pin in map(Requirement, re.findall(r"^(?=\w)(?:[^\\\n])+", LOCK, flags=re.MULTILINE))
}


def test_every_package_is_pinned_with_hashes() -> None:
    assert len(LOCKED) > 50
    assert all(str(pin.specifier).startswith("==") for pin in LOCKED.values())
    assert len(re.findall(r"\\\n    --hash=sha256:[0-9a-f]{64}(?: \\)?$", LOCK, flags=re.MULTILINE)) >= len(LOCKED)


def test_a_package_asked_for_with_extras_is_locked_with_them() -> None:
    """An older pip takes `coverage==1` for no answer to `coverage[toml]` and refuses the newest for having no hash."""
    asked = [
        (wanted.name, extra)
        for installed in distributions()
        for wanted in map(Requirement, installed.requires or [])
        for extra in wanted.extras
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""})
    ]
    assert ("coverage", "toml") in asked
    missing = {f"{name}[{extra}]" for name, extra in asked if extra not in LOCKED[canonicalize_name(name)].extras}
    assert not missing


def test_the_lock_holds_no_address() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|--find-links)", LOCK, flags=re.MULTILINE)
