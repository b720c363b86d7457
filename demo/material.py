"""The honest preview of the job that every candidate reads."""

from typing import Any

MEASURES = ("service-level", "first-contact-resolution", "customer-satisfaction")


def _section(topic: str, title: str, body: str, measures: tuple[tuple[str, str, str], ...] = ()) -> dict[str, Any]:
    told = [{"measure": measure, "why": why, "reason": reason} for measure, why, reason in measures]
    return {"topic": topic, "title": title, "body": body, "measures": told}


HARD_DAYS = _section(
    "hard-days",
    "When the queue does not end",
    "Some days bring more contacts than anybody foresaw. Then breaks are moved, never dropped, and the supervisor"
    " helps on the line.",
)
SECTIONS = (
    _section("best-moments", "Why people stay", "A customer who called worried hangs up relieved, and says so."),
    _section("work-rhythm", "A day on the floor", "Shifts are known three weeks ahead. Contacts come in waves."),
    HARD_DAYS,
    _section(
        "measures",
        "What is measured, and why",
        "Three figures are followed. You see your own before anybody else does.",
        (
            ("service-level", "availability", "People who wait long go away unhelped."),
            ("first-contact-resolution", "competence", "Nobody wants to explain the same thing twice."),
            ("customer-satisfaction", "customer-experience", "Only the customer can say how it felt."),
        ),
    ),
    _section("own-influence", "What you decide yourself", "Wishes for shifts, part of the day's contents, ideas."),
)
