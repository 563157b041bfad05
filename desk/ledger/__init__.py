"""The ledger: what people decided, append-only and chained by hash, in a database apart from the warehouse.

SQLite by default, PostgreSQL by URL. SQLAlchemy speaks to both, Alembic brings an older one up to date.
"""

from desk.ledger.ledger import Event, Ledger, LedgerError, StaleError, url_beside

__all__ = ["Event", "Ledger", "LedgerError", "StaleError", "url_beside"]
