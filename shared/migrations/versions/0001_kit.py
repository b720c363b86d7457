"""The store, the roads of facts out and in, and who may do what.

Revision ID: 0001
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None
    for part in ("0001_store", "0002_roads", "0003_privileges"):
        script = Path(__file__).with_name(f"{part}.sql").read_text()
        connection.run_async(lambda driver, sql=script: driver.execute(sql))


def downgrade() -> None:
    raise RuntimeError("facts are never dropped by a migration")
