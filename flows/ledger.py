"""What people decided, brought into the night: the ledger is read once, and never waited for longer than it takes to ask."""

import os
from pathlib import Path

import polars as pl

from desk.ledger import Ledger, LedgerError
from desk.ledger.ledger import decisions, reviews, waivers
from flows.stages import Night
from transforms.cases import DECISIONS, WAIVERS

SQLITE = "sqlite:///"


def read_ledger(night: Night, url: str) -> None:
    """Decisions and waivers up to the night, and the decisions as rows of `reviews` too, so that the rules judge them.

    No ledger, no decisions: an SQLite file that is not there is not made. One that HINDSIGHT_LEDGER names and is not there, or that
    can't be read, is a blind spot, and the night goes on.
    """
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).is_file():
        if os.environ.get("HINDSIGHT_LEDGER"):
            night.remarks.append(
                ("missing_table", "ledger", "What was decided on the desk is not known: HINDSIGHT_LEDGER names a file that is not there. Correct it.", 0)
            )
        return
    try:
        events = Ledger(url).events()
        told, decided, waived = reviews(events), decisions(events), waivers(events)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the ledger, the night goes on
        said = error if isinstance(error, LedgerError) else f"the ledger holds something that can't be read ({type(error).__name__}). Check it on the desk."
        night.remarks.append(("missing_table", "ledger", f"What was decided on the desk is not known: {said}", 0))
        return
    tables, until = night.loaded.tables, pl.lit(night.as_of)
    told = told.filter(pl.col("reviewed_at").dt.date() <= until)
    night.decisions = decided.filter(pl.col("decided_at").dt.date() <= until).select(*DECISIONS)
    night.waivers = waived.filter(pl.col("given_at").dt.date() <= until).select(*WAIVERS)
    tables["reviews"] = pl.concat([tables["reviews"], told.select(tables["reviews"].columns)])
    night.loaded.missing -= {"reviews"}
    night.loaded.counts["reviews"]["read"] += len(told)
    night.loaded.counts["reviews"]["loaded"] += len(told)
