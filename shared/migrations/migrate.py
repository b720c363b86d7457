"""Brings the kit's tables of one database up to date. Twice changes nothing; two at once take turns."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

_FOLDER = Path(__file__).parent
_LOCK = text("select pg_advisory_lock(76117073)")
_UNLOCK = text("select pg_advisory_unlock(76117073)")


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    connection.execute(_LOCK)
    connection.commit()
    try:
        command.upgrade(config, "head")
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(_UNLOCK)
        connection.commit()


def newest() -> str:
    """The migration that this release needs."""
    head = ScriptDirectory(str(_FOLDER)).get_current_head()
    assert head is not None
    return head


async def migrate(url: str) -> None:
    """`url` is SQLAlchemy's, of a role that may create tables: postgresql+asyncpg://…"""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()
