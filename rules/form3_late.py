"""Form 3 accepted after it was due."""

import polars as pl

from rules import Limit, rule


@rule(
    over="form3_duties",
    severity="high",
    applies=pl.col("is_first"),
    subject="accession",
    evidence={"due_at": "due_at", "accepted_at": "accepted"},
    needs=("filings",),
    limits=(Limit("day on which Form 3 was due", "due_on", day="accepted_on", unit="days", told="Form 3 of someone subject to Section 16 from {became_on}"),),
    because="Form 3 was due by {due_at}, counted from {became_on}, the day on which Section 16 began to apply, and {accession} was accepted on {accepted_said}.",
    undecided="Form 3 {accession}, counted from {became_on}; when it was accepted, from which day it counts, or whether the SEC was closed on a day in between, is not known",
)
def form3_late() -> pl.Expr:
    """Form 3 accepted after it was due.

    What counts: the form was accepted after 22:00 New York time of the tenth calendar day after the day on which its owner became a
    director, executive officer or ten percent holder; a tenth day on which the SEC is closed moves to its next business day. A
    form before that day is in time; a further role of someone already subject needs none.
    Not seen: that a Form 3 was never filed; a paper filing; the day on which a class was registered.
    To review: 1. check the day of appointment in the minutes; 2. open the accession on EDGAR and read its acceptance time.
    """
    in_time = (pl.col("accepted_by") <= pl.col("due_at")) | (pl.col("accepted_on") < pl.col("tenth_on"))
    return pl.when(pl.col("accepted_by") > pl.col("surely_due_at")).then(pl.lit(value=True)).when(in_time).then(pl.lit(value=False))
