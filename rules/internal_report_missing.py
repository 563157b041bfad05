"""No report to a Compliance Officer on record."""

from datetime import date

import polars as pl

from rules import TRADE, rule


@rule(
    over="report_duties",
    severity="medium",
    applies=pl.col("owes_report"),
    evidence=("due_on",),
    needs=("reports",),
    speaks_for_family=True,
    because=f"{TRADE}; a report was due on {{due_on}} and none on record covers it.",
    undecided=f"{TRADE}; whether it was reported is not known",
)
def internal_report_missing(as_of: date) -> pl.Expr:
    """No report to a Compliance Officer on record.

    What counts: a transaction in Company Securities by a Section 16 person, their family or an entity of theirs, whose quantity no
    report on record completes once its day has passed.
    Not seen: a report that was made orally and not logged.
    To review: 1. look for a report under another symbol, kind or day; 2. ask the person, and log what is found.
    """
    return pl.col("reported_at").is_null() & (pl.col("due_on") < as_of)
