"""One service's database: its server, its tables, what the service may do with them, and its clock."""

from collections.abc import AsyncIterator
from time import time

from shared.migrations.migrate import newest
from shared.ops.doctor.finding import Finding
from shared.ops.printing import called
from shared.store.database import Driver

OLDEST_SERVER = 15
APART = 1.0  # seconds

_TABLES = "select to_regclass('facts') is not null and to_regclass('kit_migrations') is not null"
_MIGRATED = "select version_num from kit_migrations"
_MAY = """select kind, tab
    from unnest(array['update', 'delete', 'truncate']) kind, unnest(array['facts', 'receipts']) tab
    where has_table_privilege(tab, kind) order by tab, kind"""
_MISSES = """select what from (values
        ('insert into facts', has_table_privilege('facts', 'insert')),
        ('make read models', has_schema_privilege('readmodels', 'create')),
        ('move marks', has_table_privilege('marks', 'update'))) as needed (what, there) where not there"""
_GUARDED = """select tab from unnest(array['facts', 'receipts']) tab where not exists (
    select from pg_trigger where tgrelid = tab::regclass and tgname = 'append_only' and tgenabled in ('O', 'A'))"""


async def has_tables(driver: Driver) -> bool:
    there: bool = await driver.fetchval(_TABLES)
    return there


async def look(driver: Driver, service: str) -> AsyncIterator[Finding]:
    async for finding in _server(driver, service):
        yield finding
    if not await has_tables(driver):
        yield _unmigrated(service, "the tables are not there")
        return
    if (version := await driver.fetchval(_MIGRATED)) != newest():
        yield _unmigrated(service, f"the tables are those of migration {version}, and this release has {newest()}")
    async for finding in _privileges(driver, service):
        yield finding
    async for finding in _clock(driver, service):
        yield finding


def _unmigrated(service: str, what: str) -> Finding:
    return Finding("error", service, what, "no process of this release works on them", f"{called()} migrate")


async def _server(driver: Driver, service: str) -> AsyncIterator[Finding]:
    version = int(await driver.fetchval("show server_version_num")) // 10_000
    if version < OLDEST_SERVER:
        why = f"Luotsi is made for PostgreSQL {OLDEST_SERVER} and newer"
        yield Finding("error", service, f"the server is PostgreSQL {version}", why, "upgrade the server")


async def _privileges(driver: Driver, service: str) -> AsyncIterator[Finding]:
    why = "facts are append-only as long as nobody whom a service is can change them"
    role = await driver.fetchval("select current_user")
    if await driver.fetchval("select rolsuper from pg_roles where rolname = current_user"):
        do = "let LUOTSI_DSN name a login that is in role luotsi_service, and LUOTSI_MIGRATE_DSN the owner"
        yield Finding("error", service, f"the role {role} is a superuser", why, do)
    else:
        for kind, table in await driver.fetch(_MAY):
            do = f"revoke {kind} on {table} from {role}"
            yield Finding("error", service, f"the role {role} may {kind} {table}", why, do)
        for (what,) in await driver.fetch(_MISSES):
            do = f"grant luotsi_service to {role}"
            yield Finding("error", service, f"the role {role} may not {what}", "the service cannot work", do)
    for (table,) in await driver.fetch(_GUARDED):
        do = f"alter table {table} enable trigger append_only"
        yield Finding("error", service, f"the trigger that keeps {table} append-only is off", why, do)


async def _clock(driver: Driver, service: str) -> AsyncIterator[Finding]:
    before = time()
    there = (await driver.fetchval("select clock_timestamp()")).timestamp()
    apart = there - (before + time()) / 2
    if abs(apart) > APART:
        what = f"the database's clock is {abs(apart):.1f} s {'ahead of' if apart > 0 else 'behind'} this machine's"
        why = "times of facts, lags and tokens are told by one or the other"
        yield Finding("warning", service, what, why, "chronyc tracking, on both")
