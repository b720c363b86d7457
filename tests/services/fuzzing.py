"""Whatever a service is asked, the answer is one of those it describes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from shared.core.service import Service
from shared.testing.interleavings import Fact
from shared.web.describe import describe
from shared.web.requests import CHANGES

DESCRIBED = ("status_code_conformance", "content_type_conformance", "response_schema_conformance")
Known = Mapping[str, Sequence[Any]]


def operations(service: Service) -> list[Any]:
    """Not the changes, which are told for as long as one listens."""
    schema = schemathesis.openapi.from_dict(describe(service))
    found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    return [operation for operation in found if operation.path != CHANGES]


def known_from(streams: Iterable[Sequence[Fact]]) -> Known:
    """By field, the ids and codes that these facts tell: asking about them reaches more than `unknown`."""
    found: dict[str, set[Any]] = {}
    for fact in (fact for stream in streams for fact in stream):
        for name, value in fact.event.model_dump(mode="json").items():
            if isinstance(value, str) and name.endswith(("_id", "code")):
                found.setdefault(name, set()).add(value)
    return {name: sorted(values) for name, values in found.items()}


def assert_described(operation: Any, url: str, tokens: Sequence[str], known: Known, examples: int = 25) -> None:
    """Sent what fits the description and what does not, by each of these callers, about what is known and what not."""
    expected = (checks.not_a_server_error, *map(checks.CHECKS.get_one, DESCRIBED))
    sent = st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))

    @given(case=sent, token=st.sampled_from(tokens), known_ids=st.booleans(), data=st.data())
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def ask(case: Any, token: str, known_ids: bool, data: st.DataObject) -> None:
        if known and known_ids:
            _about(case, known, data)
        answer = case.call(base_url=url, headers={"Authorization": f"Bearer {token}"})
        case.validate_response(answer, checks=expected)

    ask()


def _about(case: Any, known: Known, data: st.DataObject) -> None:
    """Without conditional headers, which would seldom let it through to what it is about."""
    case.headers = {}
    for part in (case.body, case.query):
        if isinstance(part, dict):
            for name in part.keys() & known.keys():
                part[name] = data.draw(st.sampled_from(known[name]))
