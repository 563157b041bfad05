"""An attestation not answered in time."""

from datetime import date

import polars as pl

from rules import Limit, rule


@rule(
    over="attestation_duties",
    severity="medium",
    applies=pl.lit(value=True),
    evidence=("due_on",),
    needs=("attestations",),
    subject="quarter",
    limits=(
        Limit("day on which the answer was due", "due_on", day="answered_on", unit="days", told="The attestation for the quarter ended {quarter_ended_on}"),
    ),
    because_by="answer",
    because={
        "given": "The attestation for the quarter ended {quarter_ended_on} was due on {due_on} and was answered on {answered_on}.",
        "none": "The attestation for the quarter ended {quarter_ended_on} was due on {due_on}; no answer is on record.",
    },
    undecided="The attestation for the quarter ended {quarter_ended_on}: when it was due is not known",
)
def attestation_overdue(as_of: date) -> pl.Expr:
    """An attestation not answered in time.

    What counts: an attestation answered after its due day, or not at all once that day has passed. The day is not moved off weekends.
    Not seen: answers that were given on paper and not recorded.
    To review: 1. remind the person; 2. record the answer with its own day.
    """
    return pl.when(pl.col("answered_on").is_not_null()).then(pl.col("answered_on") > pl.col("due_on")).otherwise(pl.col("due_on") < as_of)
