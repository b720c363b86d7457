"""Alembic's entry: the connection is handed in, each service migrates its own database with the same tables."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="kit_migrations")
with context.begin_transaction():
    context.run_migrations()
