"""Erases what the policy's periods have passed, or says what would be erased."""

import getpass
from datetime import date
from pathlib import Path

from desk.ledger import Ledger, url_beside
from desk.records import due, erase, holds
from flows.resources import text
from flows.store import Store, StoreError
from transforms.policy import read_policy
from transforms.reports.words import day, plural


def records(store: Path, as_of: date, *, is_erasing: bool) -> str:
    """What is due on a day by kind, and what was erased of it. Raises StoreError and LedgerError."""
    with Store(store, read_only=not is_erasing) as held:
        last = held.last_night()
        if last is None:
            raise StoreError(f"{store}: it holds no night yet, expected one. Run `hindsight nightly` first.")
        ledger = Ledger(url_beside(store))
        events, policy = ledger.events(), read_policy(held.policy_of(last), text("policy_defaults.toml"))
        found = due(ledger, events, policy, as_of, held.nightly("findings", last), held.nights())
        counts = {**{name: len(each) for name, each in found.events.items()}, "reads": len(found.reads), "mails": len(found.mails), "nights": len(found.nights)}
        lines = [f"{name:13} kept {plural(found.years[name], 'year')}, since {day(found.before[name])}: {count:,} due" for name, count in counts.items()]
        lines += [f"Held: {each.person_id}, by {each.by}: {each.reason}" for each in holds(events)]
        lines += [f"{plural(found.held, 'entry is', 'entries are')} past their day and stay for a hold."] if found.held else []
        lines += [f"{plural(found.standing, 'decision is', 'decisions are')} past their day and stay, since the case still arises."] if found.standing else []
        if not is_erasing:
            return "\n".join([*lines, f"{plural(found.count, 'record')} would be erased. Erase with --erase." if found.count else "Nothing is due."])
        place = erase(ledger, found, f"command line, {getpass.getuser()}", held.forget)
        return "\n".join([*lines, f"{plural(found.count, 'record')} erased; entry {place} of the ledger tells of it." if place else "Nothing was due."])
