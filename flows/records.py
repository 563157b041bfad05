"""Erases what the policy's periods have passed, or says what would be erased."""

import getpass
from datetime import date
from pathlib import Path

from desk.ledger import Ledger, url_beside
from desk.records import Due, due, erase, holds
from desk.rights import today
from flows.ledger import SQLITE
from flows.resources import text
from flows.store import Store, StoreError
from transforms.policy import read_policy
from transforms.reports.words import day, plural


class RecordsError(Exception):
    """Nothing can be erased; the message is one sentence."""


def records(store: Path, as_of: date, *, is_erasing: bool) -> str:
    """What is due on a day by kind, and what was erased of it. Raises StoreError and LedgerError."""
    with Store(store, read_only=not is_erasing) as held:
        last = held.last_night()
        if last is None:
            raise StoreError(f"{store}: it holds no night yet, expected one. Run `hindsight nightly` first.")
        if as_of > today():
            raise RecordsError(f"--as-of {as_of}: that day has not come, expected today or an earlier one. Correct it: what is erased is gone.")
        url = url_beside(store)
        if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).is_file():
            raise RecordsError(
                f"{url.removeprefix(SQLITE)}: no ledger is there, expected the one that the desk writes. Nothing is kept yet, or HINDSIGHT_LEDGER is to be set."
            )
        ledger = Ledger(url)
        events, policy = ledger.events(), read_policy(held.policy_of(last), text("policy_defaults.toml"))
        found = due(ledger, events, policy, as_of, held.nightly("findings", last), held.nights())
        counts = {**{name: len(each) for name, each in found.events.items()}, "reads": len(found.reads), "mails": len(found.mails), "nights": len(found.nights)}
        lines = [f"{name:13} {_period(found, name)}: {count:,} due" for name, count in counts.items()]
        lines += [f"Held: {each.person_id}, by {each.by}: {each.reason}" for each in holds(events)]
        lines += [f"{plural(found.held, 'entry is', 'entries are')} past their day and stay for a hold."] if found.held else []
        lines += [f"{plural(found.standing, 'decision is', 'decisions are')} past their day and stay, since the case still arises."] if found.standing else []
        if not is_erasing:
            return "\n".join([*lines, f"{plural(found.count, 'record')} would be erased. Erase with --erase." if found.count else "Nothing is due."])
        place = erase(ledger, found, f"command line, {getpass.getuser()}", held.forget)
        return "\n".join([*lines, f"{plural(found.count, 'record')} erased; entry {place} of the ledger tells of it." if place else "Nothing was due."])


def _period(found: Due, name: str) -> str:
    years = found.years[name]
    return f"kept {plural(years, 'year')}, since {day(found.before[name])}" if years else "kept without end"
