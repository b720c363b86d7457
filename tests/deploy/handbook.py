"""The operators' handbook, cut into chapters and steps: commands to type, and what they are said to print."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tests.shared.ops.commanding import ROOT

FILE = ROOT / "deploy" / "README.md"
INSTALLING = ("putting-it-up", "a-release")  # what is typed there is held against the manifests

_PART = re.compile(r"^#+ (?P<title>[^\n]+)$|^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
_EXIT_CODE = re.compile(r" +# exit code (\d)$")


@dataclass(frozen=True)
class Command:
    text: str
    exit_code: int


@dataclass(frozen=True)
class Step:
    """`prints` are lines that must be found in this order; `…` in them stands for anything."""

    chapter: str
    commands: tuple[Command, ...]
    prints: tuple[str, ...] = ()

    def check(self, printed: str, words: Mapping[str, str]) -> None:
        wanted = [re.sub(r"\$(\w+)", lambda name: words[name[1]], line) for line in self.prints]
        pattern = ".*".join(".*".join(map(re.escape, re.split(" *… *", line))) for line in wanted)
        assert re.search(pattern, printed, re.S), f"{self.chapter}: not {list(wanted)} but\n{printed}"


def anchor(title: str) -> str:
    """As the page on which it is read makes one of a title."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _chapters() -> dict[str, list[Step]]:
    chapters: dict[str, list[Step]] = {}
    chapter = ""
    for part in _PART.finditer(FILE.read_text()):
        if part["title"]:
            chapters[chapter := anchor(part["title"])] = []
        elif part["kind"] == "sh":
            chapters[chapter].append(Step(chapter, _commands(part["text"])))
        else:
            assert part["kind"] == "text", f"{chapter}: neither sh nor text, but {part['kind']}"
            before = chapters[chapter].pop()
            chapters[chapter].append(Step(chapter, before.commands, tuple(part["text"].splitlines())))
    return chapters


def _commands(text: str) -> tuple[Command, ...]:
    lines = text.replace("\\\n", " ").splitlines()
    return tuple(
        Command(_EXIT_CODE.sub("", line), int(code[1]) if (code := _EXIT_CODE.search(line)) else 0) for line in lines
    )


CHAPTERS = _chapters()
