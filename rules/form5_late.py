"""Form 5 accepted after it was due."""

import polars as pl

from rules import Limit, rule


@rule(
    over="form5_duties",
    severity="high",
    applies=pl.col("is_original"),
    subject="accession",
    evidence={"due_at": "due_at", "accepted_at": "accepted"},
    needs=("filings",),
    limits=(
        Limit("day on which Form 5 was due", "due_on", day="accepted_on", unit="days", told="Form 5 for the fiscal year that ended on {fiscal_year_ended_on}"),
    ),
    because="Form 5 for the fiscal year that ended on {fiscal_year_ended_on} was due by {due_at}, and {accession} was accepted on {accepted_said}.",
    undecided="Form 5 {accession} for the fiscal year that ended on {fiscal_year_ended_on}; which year it is about, when it was accepted, or whether the SEC was closed on a day in between, is not known",
)
def form5_late() -> pl.Expr:
    """Form 5 accepted after it was due.

    What counts: the form was accepted after 22:00 New York time of the forty-fifth calendar day after the end of the fiscal year that
    holds its period; a day on which the SEC is closed moves to its next business day.
    Not seen: that a Form 5 was owed and never filed; a paper filing.
    To review: 1. open the accession on EDGAR and read its acceptance time and period; 2. look whether each line belonged on a Form 4.
    """
    return (
        pl.when(pl.col("accepted_by") > pl.col("surely_due_at")).then(pl.lit(value=True))
        .when(pl.col("accepted_by") <= pl.col("due_at")).then(pl.lit(value=False))
    )  # fmt: skip
