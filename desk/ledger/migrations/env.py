"""How Alembic reaches the ledger: through the engine that opens it."""

from alembic import context

from desk.ledger.schema import META

engine = context.config.attributes["engine"]
with engine.begin() as connection:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(726801)")  # two that open at once upgrade one after the other
    context.configure(connection=connection, target_metadata=META, transactional_ddl=True)
    context.run_migrations()
