"""How the work of a service goes: who is behind, what was parked or set aside, whether facts get out."""

from collections.abc import Iterator

from shared.ops.doctor.finding import Finding
from shared.ops.printing import called
from shared.run.standing import Standing

LATE = 60.0  # seconds


def look(standing: Standing, over_kafka: bool) -> Iterator[Finding]:
    name = standing.service
    yield from _parked(standing)
    if standing.set_aside:
        what = f"deadlines set aside: {standing.set_aside}"
        yield Finding("error", name, what, "what was to be asked by then is not", f"{called()} deadlines list")
    if standing.late > LATE:
        what = f"the oldest deadline is late by {standing.late:.0f} s"
        yield Finding("error", name, what, "no worker asks what has come due", f"{called()} status --service {name}")
    if standing.refused:
        what, why = f"commands of policies and deadlines refused: {standing.refused}", "what was meant has not happened"
        yield Finding("warning", name, what, why, f"{called()} refused list --service {name}")
    yield from _behind(standing)
    if over_kafka:
        yield from _relay(standing)


def _parked(standing: Standing) -> Iterator[Finding]:
    for row in standing.parked:
        what = f"{row.listener} has parked {row.facts} facts of {row.keys} streams"
        why = "it shows and does nothing of these streams from there on"
        do = f"{called()} parked list {row.listener} --service {standing.service}"
        yield Finding("error", standing.service, what, why, do)


def _behind(standing: Standing) -> Iterator[Finding]:
    name, do = standing.service, f"{called()} status --service {standing.service}"
    if standing.head and not standing.listeners:
        yield Finding("warning", name, "no listener has ever heard a fact", "no worker runs, or it hears nothing", do)
    for heard in standing.listeners:
        if heard.lag.ahead:
            what = f"{heard.listener} has taken {heard.source} up to {heard.lag.ahead} facts beyond its end"
            why = "a stranger is on the topic, or the store is older: what is stored next is passed over as known"
            yield Finding("error", name, what, why, f"{called()} reconcile --service {heard.source}")
        if heard.lag.seconds is not None and heard.lag.seconds > LATE:
            what = f"{heard.listener} is {heard.lag.facts} facts of {heard.source} behind, {heard.lag.seconds:.0f} s"
            yield Finding("warning", name, what, "what it shows is old: a worker is down or too slow", do)


def _relay(standing: Standing) -> Iterator[Finding]:
    name, relay = standing.service, standing.relay
    why, do = "nobody else hears of them", f"see the log of the relay of {name}, and its /readyz"
    if standing.head and relay is None:
        yield Finding("error", name, "no fact has ever been sent to the topic", why, do)
    if relay is not None and relay.trouble:
        what = f"the relay has stopped: {relay.trouble}"
        yield Finding("error", name, what, why, f"{called()} reconcile --service {name}")
    if relay is not None and relay.lag.seconds is not None and relay.lag.seconds > LATE:
        what = f"{relay.lag.facts} facts wait for the relay, the oldest for {relay.lag.seconds:.0f} s"
        yield Finding("error", name, what, why, do)
