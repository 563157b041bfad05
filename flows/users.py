"""Lists and changes the users of the desk from the command line."""

import argparse
import getpass
import sys
from datetime import timedelta
from pathlib import Path

from desk.ledger import Ledger, url_beside
from desk.nights import Nights
from desk.pages.users import check_person
from desk.users import Users
from flows.resources import Opened, text


def listed(store: Path) -> str:
    """One line a user."""
    found = users_of(store).every()
    lines = [
        f"{each.reader.email:32} {each.reader.name:28} {', '.join(sorted(each.reader.roles)):32} {each.reader.person_id or '-':16} {'' if each.is_active else 'shut out'}".rstrip()
        for each in found
    ]
    return "\n".join(lines) or "No user yet. Add one: hindsight users ADDRESS --role compliance_officer --person PERSON_ID"


def change(store: Path, asked: argparse.Namespace) -> str:
    """Add or change a user; the password comes from the terminal, or from standard input where that is a pipe. Raises UserError."""
    check_person(asked.person, Nights(store, text("policy_defaults.toml"), Opened()))
    password = None if asked.no_password else _password()
    reader = users_of(store).add(
        asked.email, asked.name or asked.email, frozenset(asked.role), asked.person or None, password, sees_reserved=asked.sees_reserved
    )
    return f"{reader.email} may sign in as {', '.join(sorted(reader.roles))}."


def _password() -> str:
    return getpass.getpass("Password, at least 12 characters: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


LASTING = (timedelta(minutes=30), timedelta(hours=12))
"""How long a session lasts unused, and at the longest."""


def users_of(store: Path) -> Users:
    """The users of the ledger beside a store, or of the one that HINDSIGHT_LEDGER names; raises LedgerError."""
    return Users(Ledger(url_beside(store)), *LASTING)
