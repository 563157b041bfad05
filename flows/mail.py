"""After a night: a digest to each compliance officer and supervisor with what changed for them, and reminders of attestations."""

import os
from datetime import date
from pathlib import Path

import polars as pl

from desk.digest import digest
from flows.mailbox import Server, put, send_all, server
from flows.quarters import desk_over, put_reminders


def send_mails(store: Path, ledger_url: str) -> str:
    """Write and send the mails of the newest night; says in a sentence what became of them, and never raises. Empty where no server is set."""
    try:
        to = server()
        return _sent(store, ledger_url, to) if to else ""
    except Exception as error:  # noqa: BLE001 - a mail never fails a night
        own = type(error).__name__ in {"SettingsError", "LedgerError", "NoNightError"}
        return f"no mail was sent: {error if own else type(error).__name__}"


def _sent(store: Path, ledger_url: str, to: Server) -> str:
    desk = desk_over(store, ledger_url)
    ledger, night = desk.ledger, desk.nights.newest()
    before = _before(night.history, night.as_of)
    for user in desk.users.every():
        if user.is_active and user.reader.decides and (said := digest(desk.visit(user.reader), before, os.environ.get("HINDSIGHT_URL", ""))):
            put(ledger, night.as_of, user.reader.user_id, user.reader.email, "digest", said)
    put_reminders(desk, night.as_of, before)
    went, waiting = send_all(ledger, to, night.as_of)
    return f"{went} mails sent" + (f", {waiting} wait to be tried again" if waiting else "")


def _before(history: pl.DataFrame, as_of: date) -> date | None:
    """The night before a night."""
    earlier: date | None = history.filter(pl.col("night") < as_of)["night"].max()  # type: ignore[assignment]  # a date column
    return earlier
