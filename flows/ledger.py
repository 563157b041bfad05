"""What people decided, brought into the night: the ledger is read once, and never waited for longer than it takes to ask."""

import os
from pathlib import Path

import polars as pl

from desk.ledger import Ledger, LedgerError
from desk.ledger.attesting import attestations, with_answers
from desk.ledger.ledger import day_of_entry, decisions, reviews, waivers
from flows.load import Loaded
from flows.stages import Night
from transforms.cases import DECISIONS, WAIVERS

SQLITE = "sqlite:///"


def read_ledger(night: Night, url: str) -> None:
    """Decisions and waivers up to the night; the decisions as rows of `reviews`, and packets and answers as rows of `attestations`, so that the rules judge them.

    No ledger, no decisions: an SQLite file that is not there is not made. One that HINDSIGHT_LEDGER names and is not there, or that
    can't be read, is a blind spot, and the night goes on.
    """
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).is_file():
        if os.environ.get("HINDSIGHT_LEDGER"):
            night.remarks.append(
                (
                    "missing_table",
                    "ledger",
                    "What was decided and answered on the desk is not known: HINDSIGHT_LEDGER names a file that is not there. Correct it.",
                    0,
                )
            )
        return
    try:
        events = [each for each in Ledger(url).events() if day_of_entry(each["at"]) <= night.as_of]
        told, decided, waived, attested = reviews(events), decisions(events), waivers(events), attestations(events)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the ledger, the night goes on
        said = error if isinstance(error, LedgerError) else f"the ledger holds something that can't be read ({type(error).__name__}). Check it on the desk."
        night.remarks.append(("missing_table", "ledger", f"What was decided and answered on the desk is not known: {said}", 0))
        return
    tables, loaded = night.loaded.tables, night.loaded
    night.decisions, night.waivers = decided.select(*DECISIONS), waived.select(*WAIVERS)
    tables["reviews"] = pl.concat([tables["reviews"], told.select(tables["reviews"].columns)])
    _count(loaded, "reviews", len(told), len(told))
    loaded.missing -= {"reviews"}
    if len(attested):
        before = len(tables["attestations"])
        tables["attestations"] = with_answers(tables["attestations"], attested)
        _count(loaded, "attestations", len(attested), len(tables["attestations"]) - before)
        loaded.missing -= {"attestations"}


def _count(loaded: Loaded, table: str, read: int, more: int) -> None:
    """Rows of the ledger: those that came beside the rows of files are loaded, those that were laid over one of a file superseded it."""
    counts = loaded.counts[table]
    counts["read"] += read
    counts["loaded"] += more
    counts["superseded"] += read - more
