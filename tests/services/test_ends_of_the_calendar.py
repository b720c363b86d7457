"""Days at which the calendar of the language ends are answered with a 422, whatever would be counted from them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shared.ops.found import names, service
from shared.store.database import Database
from shared.web.describe import describe
from tests.services.reading import Reading

ROLES = "AHSMTP"
NOW = datetime(2027, 3, 8, tzinfo=ZoneInfo("Asia/Tokyo"))
DATES, MONTHS = ("0001-01-01", "9999-12-31"), ("0000-01", "1000-01", "9999-12", "٢٠٢٧-٠٣", "2027-13")
INSTANTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")


def ends(name: str, schema: Any) -> Sequence[str]:
    if name == "month":
        return MONTHS
    return DATES if "'format': 'date'" in str(schema) else INSTANTS if "'format': 'date-time'" in str(schema) else ()


def queries() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every query's every parameter that is a day or a month, with a value."""
    for name in names():
        for path, ways in describe(service(name), "0")["paths"].items():
            for each in ways.get("get", {}).get("parameters", ()):
                for value in ends(each.get("name", ""), each):
                    yield name, path, {each["name"]: value}


def commands() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every command's every field that is a day or an instant, with a value in its example."""
    for name in names():
        document = describe(service(name), "0")
        for path, ways in document["paths"].items():
            if body := ways.get("post", {}).get("requestBody"):
                asked = body["content"]["application/json"]
                fields = document["components"]["schemas"][asked["schema"]["$ref"].rpartition("/")[2]]["properties"]
                for field, schema in fields.items():
                    for value in ends(field, schema):
                        yield name, path, asked["example"] | {field: value}


@pytest.mark.parametrize(("name", "path", "filters"), list(queries()))
async def test_a_query_is_answered_or_refused(name: str, path: str, filters: dict[str, Any], database: str) -> None:
    reading = Reading(service(name), Database(database), UUID(int=1), NOW)
    await reading.told()
    answer = await reading.get(path.removeprefix("/v1/"), ROLES, **filters)
    await reading.close()
    assert answer.status_code in (200, 422), answer.text


@pytest.mark.parametrize("name", names())
async def test_a_command_is_refused_by_the_name_of_the_field(name: str, database: str) -> None:
    reading = Reading(service(name), Database(database), UUID(int=1), NOW)
    await reading.told()
    for _, path, body in (each for each in commands() if each[0] == name):
        answer = await reading.post(path.removeprefix("/v1/"), ROLES, body)
        assert answer.status_code == 422, (path, body, answer.text)
        assert "lies outside the years" in answer.text or "should be" in answer.text, answer.text
    await reading.close()
