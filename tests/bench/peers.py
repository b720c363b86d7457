"""The published libraries we measure against, each used as its own documentation says."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import make_url

from tests.bench.measure import Stopwatch

EVENTS = 3000


def _in_threads(threads: int, work: Callable[[int], Any]) -> float:
    each = EVENTS // threads
    workers = [threading.Thread(target=work, args=(each,)) for _ in range(threads)]
    watch = Stopwatch()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return watch.rate(each * threads)


def _settings(dsn: str) -> dict[str, Any]:
    url = make_url(dsn)
    return {
        "dbname": url.database, "host": url.host, "port": url.port, "user": url.username, "password": url.password,
    }  # fmt: skip


def recorder(dsn: str, threads: int, state: bytes) -> float:
    """`PostgresApplicationRecorder.insert_events` of one event, events a second."""
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

    with PostgresDatastore(**_settings(dsn), pool_size=threads, max_overflow=threads) as datastore:
        store = PostgresApplicationRecorder(datastore)
        store.create_table()

        def write(events: int) -> None:
            originator = uuid4()
            for version in range(1, events + 1):
                store.insert_events([StoredEvent(originator, version, "shop:MoneyTaken", state)])

        return _in_threads(threads, write)


def application(dsn: str, threads: int) -> float:
    """`Application.save` of an aggregate with one new event, saves a second."""
    from eventsourcing.application import Application
    from eventsourcing.domain import Aggregate, event

    class Till(Aggregate):
        def __init__(self) -> None:
            self.cents = 0

        @event("MoneyTaken")
        def take(self, cents: int) -> None:
            self.cents += cents

    env = {f"POSTGRES_{key.upper()}": str(value) for key, value in _settings(dsn).items()}
    env |= {"PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_POOL_SIZE": str(threads)}
    app: Any = Application(env=env)

    def save(events: int) -> None:
        till = Till()
        app.save(till)
        for _ in range(events):
            till.take(1250)
            app.save(till)

    try:
        return _in_threads(threads, save)
    finally:
        app.close()


def projection(dsn: str) -> float:
    """`ProjectionRunner` with a `PostgresTrackingRecorder` for its view: a row per till, events a second."""
    from eventsourcing.application import Application
    from eventsourcing.domain import Aggregate, event
    from eventsourcing.postgres import PostgresTrackingRecorder
    from eventsourcing.projection import Projection, ProjectionRunner
    from psycopg.sql import SQL

    class Till(Aggregate):
        def __init__(self) -> None:
            self.cents = 0

        @event("MoneyTaken")
        def take(self, cents: int) -> None:
            self.cents += cents

    class Tills(PostgresTrackingRecorder):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            create = SQL("create table if not exists tills (till uuid primary key, cents bigint)")
            self.sql_create_statements.append(create.format())

        def take(self, till: Any, cents: int, tracking: Any) -> None:
            with self.datastore.transaction(commit=True) as cursor:
                self._insert_tracking(cursor, tracking)
                upsert = "insert into tills values (%s, %s) on conflict (till) do update set cents = tills.cents + %s"
                cursor.execute(upsert, (till, cents, cents))

    class TillsProjection(Projection[Tills]):
        name = "tills"

        def process_event(self, domain_event: Any, tracking: Any) -> None:
            self.view.take(domain_event.originator_id, getattr(domain_event, "cents", 0), tracking)

    env = {f"POSTGRES_{key.upper()}": str(value) for key, value in _settings(dsn).items()}
    env |= {"PERSISTENCE_MODULE": "eventsourcing.postgres"}
    app: Any = Application(env=env)
    for _ in range(EVENTS // 100):
        till = Till()
        for _ in range(99):
            till.take(1250)
        last = app.save(till)[-1].notification.id
    watch = Stopwatch()
    runner = ProjectionRunner(
        application_class=Application, projection_class=TillsProjection, view_class=Tills, env=env
    )
    with runner:
        runner.wait(last, timeout=120)
        rate = watch.rate(EVENTS)
    app.close()
    return rate
