from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

fileConfig(context.config.config_file_name)


def run(connection):
    # Without this, one transaction holds all migrations of an upgrade, and the third takes the first two with it.
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


# bin/db-migrate hands in the connection that has the lock; `alembic` on a developer's machine has none.
connection = context.config.attributes.get("connection")
if connection is not None:
    run(connection)
else:
    with create_engine("postgresql+psycopg://", poolclass=NullPool).connect() as connection:
        run(connection)
