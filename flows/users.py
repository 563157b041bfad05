"""Lists and changes the users of the desk from the command line."""

import argparse
import getpass
import sys
from datetime import timedelta
from pathlib import Path

import polars as pl

from desk.ledger import Ledger, url_beside
from desk.nights import Nights
from desk.pages.users import check_person
from desk.users import Users
from flows.resources import Opened, text
from transforms.attesting import Known, quarters_until
from transforms.attesting.covered import people
from transforms.reports.words import plural


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


def add_covered(store: Path) -> str:
    """Make a user for everybody who attests the newest quarter, has an address on record and is no user yet; they sign in through the provider."""
    night, users = Nights(store, text("policy_defaults.toml"), Opened()).newest(), users_of(store)
    none = pl.DataFrame()
    known = Known(night.as_of, night.policy, night.facts, none, none, none, none, night.facts["missing"])
    held = {each.reader.email for each in users.every()} | {each.reader.person_id for each in users.every()}
    asked = people(known, quarters_until(night.policy, night.as_of)[-1]).select("person_id", "name", "email").rows()
    fresh = [(person, name, email) for person, name, email in asked if email and person not in held and email.casefold() not in held]
    for person, name, email in fresh:
        users.add(email, name, frozenset({"covered_person"}), person)
    lacking = sorted(name for _, name, email in asked if not email)
    return f"{plural(len(fresh), 'user')} added." + (f" Without an address on record: {', '.join(lacking)}." if lacking else "")


def _password() -> str:
    return getpass.getpass("Password, at least 12 characters: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


LASTING = (timedelta(minutes=30), timedelta(hours=12))
"""How long a session lasts unused, and at the longest."""


def users_of(store: Path) -> Users:
    """The users of the ledger beside a store, or of the one that HINDSIGHT_LEDGER names; raises LedgerError."""
    return Users(Ledger(url_beside(store)), *LASTING)
