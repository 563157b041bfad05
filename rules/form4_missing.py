"""No Form 4 on record."""

from datetime import date

import polars as pl

from rules import TRADE, rule


@rule(
    over="form4_duties",
    severity="high",
    applies=pl.col("is_due") & ~pl.col("is_deferred"),
    evidence=("due_at",),
    needs=("filings", "filing_lines"),
    speaks_for_family=True,
    because=f"{TRADE}; Form 4 was due by {{due_at}}, and no line on record completes it.",
    undecided=f"{TRADE}; whether Form 4 is due already is not known",
)
def form4_missing(as_of: date) -> pl.Expr:
    """No Form 4 on record.

    What counts: a transaction in the issuer's shares attributed to a Section 16 person whose quantity no line of a Form 4 or 5 on
    record completes, once the day on which it was due has passed.
    Not seen: filings made since the lists were loaded; transactions whose form depends on facts that are not in the data.
    To review: 1. search EDGAR for the owner and the day; 2. look for a line under another date, direction or class.
    """
    return ~pl.col("is_reported") & pl.when(pl.col("surely_due_on") < as_of).then(pl.lit(value=True)).when(pl.col("due_on") >= as_of).then(pl.lit(value=False))
