"""Who may sign in: users with their roles, passwords by Argon2, lock-out, and sessions that end."""

import hashlib
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from desk.ledger import Ledger
from desk.ledger.schema import SESSIONS, USERS
from desk.rights import ROLES, Reader

MOST_FAILURES, LOCKED = 5, timedelta(minutes=15)
SHORTEST = 12
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
HASHER = PasswordHasher()
NOBODY = HASHER.hash(secrets.token_urlsafe(16))
"""A hash that no password has: checked where there is no such user, so that the answer takes as long."""


class UserError(Exception):
    """A user can't be made or changed; the message is one sentence."""


@dataclass(frozen=True)
class User:
    """A user as the administrator sees them."""

    reader: Reader
    is_active: bool
    is_locked: bool
    has_password: bool


class Users:
    """The users of a ledger, and their sessions."""

    def __init__(self, ledger: Ledger, idle: timedelta, longest: timedelta) -> None:
        """Keep users and sessions in the ledger's database."""
        self._ledger, self._idle, self._longest = ledger, idle, longest
        self._hashing = threading.Semaphore(2)

    def add(
        self, email: str, name: str, roles: frozenset[str], person_id: str | None = None, password: str | None = None, *, sees_reserved: bool = False
    ) -> Reader:
        """Make a user, or give one of that address another name, role or password; raises UserError."""
        if unknown := sorted(roles - set(ROLES)):
            raise UserError(f"{email}: {unknown[0]} is no role, expected one of {', '.join(ROLES)}. Correct it.")
        if not roles or not ADDRESS.fullmatch(email):
            raise UserError(f"{email or 'user'}: expected an address and at least one role. Give both.")
        if password is not None and len(password) < SHORTEST:
            raise UserError(f"{email}: the password has {len(password)} characters, expected at least {SHORTEST}. Choose a longer one.")
        row = {
            "email": email.casefold(),
            "name": name,
            "roles": ";".join(sorted(roles)),
            "person_id": person_id or None,
            "sees_reserved": sees_reserved,
            "failures": 0,
            "locked_until": None,
        }
        if password is not None:
            row["password"] = HASHER.hash(password)
        with self._ledger.writing() as connection:
            held = connection.execute(select(USERS.c.user_id).where(USERS.c.email == row["email"])).scalar_one_or_none()
            user_id = held or secrets.token_hex(8)
            if held:
                connection.execute(update(USERS).where(USERS.c.user_id == held).values(row))
                connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == held))
            else:
                try:
                    connection.execute(insert(USERS).values({"password": None, "is_active": True, **row, "user_id": user_id}))
                except IntegrityError:
                    raise UserError(f"{email}: somebody else just made this user. Look again.") from None
        return Reader(user_id, name, email.casefold(), person_id or None, roles, sees_reserved)

    def every(self) -> list[User]:
        """All users by name."""
        with self._ledger.engine.connect() as connection:
            rows = connection.execute(select(USERS).order_by(USERS.c.name)).all()
        return [User(_reader(row), row.is_active, _is_locked(row), bool(row.password)) for row in rows]

    def set_active(self, user_id: str, *, is_active: bool) -> None:
        """Let a user in again, or shut them out and end their sessions."""
        with self._ledger.writing() as connection:
            connection.execute(update(USERS).where(USERS.c.user_id == user_id).values(is_active=is_active, failures=0, locked_until=None))
            if not is_active:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id))

    def by_password(self, email: str, password: str) -> Reader | None:
        """The user whom address and password name; after five failures in a row they are locked out for fifteen minutes."""
        row = self._row(USERS.c.email == email.casefold())
        with self._hashing:  # a hash takes memory on purpose; two at once are enough
            fits = _fits(row.password if row and row.password else NOBODY, password)
        if row is None or not row.password:
            return None
        with self._ledger.writing() as connection:  # counted where it is kept: twenty attempts at once are twenty
            now = connection.execute(select(USERS).where(USERS.c.user_id == row.user_id).with_for_update()).one()
            if not now.is_active or _is_locked(now):
                return None
            failures = 0 if fits else now.failures + 1
            until = (datetime.now(UTC) + LOCKED).isoformat() if failures >= MOST_FAILURES else None
            told = {"failures": 0 if until else failures, "locked_until": until}
            if (now.failures, now.locked_until) != (told["failures"], until):
                connection.execute(update(USERS).where(USERS.c.user_id == row.user_id).values(told))
        return _reader(row) if fits else None

    def by_email(self, email: str) -> Reader | None:
        """The active user of an address that a provider vouches for."""
        row = self._row(USERS.c.email == email.casefold())
        return _reader(row) if row is not None and row.is_active else None

    def open_session(self, reader: Reader) -> str:
        """A new session; the token that the cookie carries, of which only a hash is kept."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC).isoformat()
        with self._ledger.writing() as connection:
            connection.execute(insert(SESSIONS).values(token_hash=_hash(token), user_id=reader.user_id, created_at=now, seen_at=now))
        return token

    def of_session(self, token: str) -> Reader | None:
        """Whose session it is, while it lasts."""
        with self._ledger.engine.connect() as connection:
            row = connection.execute(
                select(USERS, SESSIONS.c.created_at, SESSIONS.c.seen_at)
                .join(SESSIONS, SESSIONS.c.user_id == USERS.c.user_id)
                .where(SESSIONS.c.token_hash == _hash(token))
            ).first()
        if row is None or not row.is_active:
            return None
        now = datetime.now(UTC)
        if now - datetime.fromisoformat(row.seen_at) > self._idle or now - datetime.fromisoformat(row.created_at) > self._longest:
            self.close_session(token)
            return None
        if now - datetime.fromisoformat(row.seen_at) > timedelta(minutes=1):
            with self._ledger.noting() as connection:
                connection.execute(update(SESSIONS).where(SESSIONS.c.token_hash == _hash(token)).values(seen_at=now.isoformat()))
        return _reader(row)

    def close_session(self, token: str) -> None:
        """End a session."""
        with self._ledger.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == _hash(token)))

    def _row(self, where: Any) -> Row[Any] | None:  # noqa: ANN401 - an SQL condition
        with self._ledger.engine.connect() as connection:
            return connection.execute(select(USERS).where(where)).first()


def _reader(row: Row[Any]) -> Reader:
    return Reader(row.user_id, row.name, row.email, row.person_id, frozenset(row.roles.split(";")), row.sees_reserved)


def _is_locked(row: Row[Any]) -> bool:
    return bool(row.locked_until) and datetime.fromisoformat(row.locked_until) > datetime.now(UTC)


def _fits(held: str, password: str) -> bool:
    try:
        return HASHER.verify(held, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
