"""The operators' handbook, cut into its chapters and the blocks of commands in them."""

import re
from dataclasses import dataclass

from tests.shared.ops.commanding import ROOT

TEXT = (ROOT / "deploy" / "README.md").read_text()


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the words behind it, and its lines."""

    chapter: str
    language: str
    words: tuple[str, ...]
    text: str
    line: int


def _anchor(title: str) -> str:
    """As the page on which it is read makes one of a title."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _blocks() -> list[Block]:
    blocks, chapter = [], ""
    for found in re.finditer(r"^#+ (?P<title>.+)$|^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", TEXT, re.M | re.S):
        if found["title"]:
            chapter = _anchor(found["title"])
            continue
        language, *words = found["info"].split() or [""]
        line = TEXT.count("\n", 0, found.start()) + 1
        blocks.append(Block(chapter, language, tuple(words), found["text"], line))
    return blocks


CHAPTERS = frozenset(
    _anchor(title) for title in re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", TEXT, flags=re.M | re.S), re.M)
)
BLOCKS = _blocks()
