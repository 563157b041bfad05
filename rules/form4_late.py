"""Form 4 accepted after it was due."""

import polars as pl

from rules import TRADE, Limit, rule


@rule(
    over="form4_duties",
    severity="high",
    applies=pl.col("is_due") & ~pl.col("is_deferred") & pl.col("is_reported"),
    evidence={"due_at": "due_at", "accepted_at": "accepted"},
    needs=("filings", "filing_lines"),
    limits=(Limit("day on which Form 4 was due", "due_on", day="accepted_on", unit="days"),),
    because=f"{TRADE}; Form 4 was due by {{due_at}}, and the line that completes it was accepted on {{accepted_said}}.",
    undecided=f"{TRADE}; Form 4 was due by {{due_at}}; when it was accepted, whether a plan set its date, or whether the SEC was closed on a day in between, is not known",
)
def form4_late() -> pl.Expr:
    """Form 4 accepted after it was due.

    What counts: the line that completes the transaction was accepted after 22:00 New York time of the second SEC business day (federal
    holidays, not the exchange's); a plan trade counts from its deemed date; a line on a Form 5 that belonged on a Form 4.
    Not seen: a paper filing; reliance on an exemption that is not on record.
    To review: 1. open the accession on EDGAR and read its acceptance time; 2. count the SEC's business days by hand.
    """
    return (
        pl.when(pl.col("accepted_by") > pl.col("surely_due_at")).then(pl.lit(value=True))
        .when(pl.col("accepted_by") <= pl.col("due_at")).then(pl.lit(value=False))
    )  # fmt: skip
