"""The kit's own tables, migrated by Alembic. Read models are disposable and have no migrations."""
