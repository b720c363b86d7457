"""Every metric of the platform, declared once. Alert rules and dashboards name only these."""

from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)

APPEND_SECONDS = Histogram("luotsi_append_seconds", "One append statement, whole group", ["service"], buckets=_SECONDS)
APPEND_GROUP = Histogram(
    "luotsi_append_group_commands", "Commands per append statement", ["service"], buckets=(1, 2, 4, 8, 16, 32, 64, 128)
)
CONFLICTS = Counter("luotsi_conflicts", "Commands decided again because their stream had moved", ["service"])
COMMANDS = Counter("luotsi_commands", "Commands answered", ["service", "command", "answer"])
REQUEST_SECONDS = Histogram("luotsi_request_seconds", "HTTP requests", ["service", "route", "status"], buckets=_SECONDS)
STORE_HEAD = Gauge("luotsi_store_head", "Position of the newest fact", ["service"])
RELAY_MARK = Gauge("luotsi_relay_mark", "Position up to which facts are on the topic", ["service"])
RELAYED = Counter("luotsi_relayed_facts", "Facts sent to the topic, repeats included", ["service"])
RELAY_LAG_SECONDS = Gauge("luotsi_relay_lag_seconds", "Age of the oldest fact not yet on the topic", ["service"])
RELAY_STOPPED = Gauge(
    "luotsi_relay_stopped", "1 while the relay sends nothing because topic and store contradict each other", ["service"]
)
RECONCILE_DIFFERING = Gauge(
    "luotsi_reconcile_differing_facts", "Facts of which store and topic differ", ["service", "kind"]
)
RECONCILE_POSITION = Gauge(
    "luotsi_reconcile_position", "Position up to which store and topic were compared", ["service"]
)
LISTENER_FACTS = Counter("luotsi_listener_facts", "Facts a listener has taken", ["service", "listener"])
LISTENER_LAG = Gauge(
    "luotsi_listener_lag_facts", "Facts between the mark and the newest known", ["service", "listener", "source"]
)
LISTENER_LAG_SECONDS = Gauge(
    "luotsi_listener_lag_seconds", "Age of the oldest fact not yet taken", ["service", "listener", "source"]
)
LISTENER_SECONDS = Histogram(
    "luotsi_listener_batch_seconds", "One batch in one listener", ["service", "listener"], buckets=_SECONDS
)
PARKED = Gauge("luotsi_parked_facts", "Facts parked", ["service", "listener"])
PARKED_TOTAL = Counter("luotsi_parked", "Facts that were parked, ever", ["service", "listener"])
PASSED_OVER = Counter("luotsi_passed_over", "Records passed over by rule", ["service", "source", "reason"])
DEADLINES_ASKED = Counter(
    "luotsi_deadlines_asked", "Deadlines that came due and were asked", ["service", "deadline", "answer"]
)
DEADLINES_LATE = Gauge(
    "luotsi_deadlines_late_seconds", "How long ago the oldest deadline that waits came due", ["service"]
)
DEADLINES_SET_ASIDE = Gauge("luotsi_deadlines_set_aside", "Deadlines that could not be asked", ["service"])
POLICIES_ASKED = Counter("luotsi_policies_asked", "Commands asked by policies", ["service", "policy", "answer"])
VERIFY_DIFFERING = Gauge(
    "luotsi_verify_differing_rows",
    "Rows of the live build that differed when it was verified",
    ["service", "read_model"],
)
READY = Gauge("luotsi_ready", "1 where this check of /readyz finds nothing missing", ["service", "check"])
WATCHERS = Gauge("luotsi_watchers", "Open streams of changes", ["service"])
WATCHERS_CUT = Counter("luotsi_watchers_cut", "Streams of changes cut off because nobody read them", ["service"])


def forget(service: str, listener: str, sources: Iterable[str]) -> None:
    """A listener is no more: what its series said last would be shown for ever."""
    for metric in (LISTENER_FACTS, LISTENER_SECONDS, PARKED_TOTAL):
        metric.remove(service, listener)
    forget_standing(service, listener, sources)


def forget_standing(service: str, listener: str, sources: Iterable[str]) -> None:
    PARKED.remove(service, listener)
    for source in sources:
        LISTENER_LAG.remove(service, listener, source)
        LISTENER_LAG_SECONDS.remove(service, listener, source)
