"""Field types that commands share. Limits count characters; a text is never empty."""

from collections.abc import Callable
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Text40 = Annotated[str, Field(min_length=1, max_length=40)]
Text60 = Annotated[str, Field(min_length=1, max_length=60)]
Text80 = Annotated[str, Field(min_length=1, max_length=80)]
Text120 = Annotated[str, Field(min_length=1, max_length=120)]
Text200 = Annotated[str, Field(min_length=1, max_length=200)]
Text300 = Annotated[str, Field(min_length=1, max_length=300)]
Text400 = Annotated[str, Field(min_length=1, max_length=400)]
Text600 = Annotated[str, Field(min_length=1, max_length=600)]
Text800 = Annotated[str, Field(min_length=1, max_length=800)]
Text1000 = Annotated[str, Field(min_length=1, max_length=1000)]
Text2000 = Annotated[str, Field(min_length=1, max_length=2000)]
Text4000 = Annotated[str, Field(min_length=1, max_length=4000)]
Percent = Annotated[int, Field(ge=0, le=100)]
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


def _within_reach(value: date) -> date:
    """Days are counted on and zones applied to whatever is named: at the calendar's own ends there would be no next."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return value


Day = Annotated[date, AfterValidator(_within_reach)]
Instant = Annotated[AwareDatetime, AfterValidator(_within_reach)]
_NO_PLACES = {"localtime", "Factory"}  # what the first is depends on the machine, the second is that of none


@cache
def _zones() -> set[str]:
    """Looked up once: it walks through a directory tree, for milliseconds."""
    return available_timezones() - _NO_PLACES


def once(field: str = "") -> AfterValidator:
    """For a list that names nothing twice, by this field of its elements or by the whole of them."""
    of: Callable[[Any], Any] = attrgetter(field) if field else lambda value: value

    def each_once(values: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(set(map(of, values))) < len(values):
            raise ValueError("names something twice")
        return values

    return AfterValidator(each_once)


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("is not the name of an IANA time zone")
    return name


TimeZone = Annotated[Text40, AfterValidator(_known_zone)]
