"""The topics on the broker: that they are there, and keep what they get."""

from collections.abc import Iterator

from shared.ops.doctor.finding import Finding
from shared.ops.printing import called
from shared.ops.settings import Settings
from shared.ops.topic_faults import faults

WHY = {"error": "facts can be lost, or stop on their way", "warning": "production should not have it"}


def look(settings: Settings) -> Iterator[Finding]:
    for found in faults(settings):
        do = f"{called()} topics create" if found.rule == "there" else f"set {found.rule} with your broker's own tool"
        yield Finding(found.level, found.subject, found.words, WHY[found.level], do)
