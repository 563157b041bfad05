"""The tables of the ledger's database, in SQLite and PostgreSQL alike."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

META = MetaData()
INSTANTS = 40
"""Room for an instant as ISO text in UTC: what is hashed stands there to the letter."""

EVENTS = Table(
    "events", META,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(64), nullable=False, unique=True),
    Column("at", String(INSTANTS), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("case_id", Text),
    Column("actor", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("events_of_case", "case_id"),
)  # fmt: skip
"""What was decided, waived or taken back; rows are only ever added, each with the hash of the one before it."""

HEAD = Table(
    "head",
    META,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""One row: where the chain ends. Whoever adds an event holds it, so that two never add at once."""

USERS = Table(
    "users", META,
    Column("user_id", String(64), primary_key=True),
    Column("email", String(320), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("person_id", Text),
    Column("roles", Text, nullable=False),
    Column("sees_reserved", Boolean, nullable=False),
    Column("password", Text),
    Column("is_active", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", String(INSTANTS)),
)  # fmt: skip
"""Who may sign in; `password` is an Argon2 hash, empty for those who sign in through a provider alone."""

SESSIONS = Table(
    "sessions", META,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", String(64), nullable=False),
    Column("created_at", String(INSTANTS), nullable=False),
    Column("seen_at", String(INSTANTS), nullable=False),
    Index("sessions_of_user", "user_id"),
)  # fmt: skip

READS = Table(
    "reads", META,
    Column("id", Integer().with_variant(BigInteger, "postgresql"), primary_key=True, autoincrement=True),
    Column("at", String(INSTANTS), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("what", String(32), nullable=False),
    Column("about", Text, nullable=False),
    Index("reads_about", "about"),
)  # fmt: skip
"""Who looked at which case, person or export, and when."""

MAILS = Table(
    "mails", META,
    Column("mail_id", String(64), primary_key=True),
    Column("night", Date, nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", String(INSTANTS)),
    Column("failed_because", Text),
    UniqueConstraint("night", "user_id", "kind", name="one_mail_a_night"),
)  # fmt: skip
"""Mails of the nights; one that could not be sent stays here and is tried again."""
