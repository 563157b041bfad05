"""Reported to a Compliance Officer after the day of the trade."""

import polars as pl

from rules import TRADE, rule


@rule(
    over="report_duties",
    severity="medium",
    applies=pl.col("owes_report"),
    evidence=("due_on", "reported_on"),
    needs=("reports",),
    because=f"{TRADE}; the report was due on {{due_on}} and was made on {{reported_at}}.",
    undecided=f"{TRADE}; when it was reported is not known",
)
def internal_report_late() -> pl.Expr:
    """Reported to a Compliance Officer after the day of the trade.

    What counts: the report that completes the trade's quantity reached a Compliance Officer after the New York day of the trade;
    for a plan trade, after the day of the notice where that is later.
    Not seen: a report that was made orally and not logged.
    To review: 1. compare the time of the report with the trade date; 2. ask when the person learned of the execution.
    """
    return pl.col("reported_at").is_not_null() & ~pl.col("is_in_time")
