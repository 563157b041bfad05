"""A suspicion passed on after the day."""

from datetime import date

import polars as pl

from rules import rule


@rule(
    over="passed_suspicions",
    severity="medium",
    applies=pl.col("is_bound"),
    evidence=("aware_on", "reported_on"),
    needs=("escalations",),
    subject="escalation_id",
    because_by="answer",
    because={
        "given": "Escalation {escalation_id}: aware on {aware_on}, passed on on {reported_on}.",
        "none": "Escalation {escalation_id}: aware on {aware_on}; no report is on record.",
    },
    undecided="Escalation {escalation_id}: when it was passed on is not known",
)
def escalation_late(as_of: date) -> pl.Expr:
    """A suspicion passed on after the day.

    What counts: a supervisor passed a suspicion on after the New York day on which it arose, or has not yet.
    Not seen: whether there was reason to believe; reports that were never written down.
    To review: 1. ask when the supervisor first knew; 2. ask to whom it was told.
    """
    return pl.when(pl.col("reported_on").is_not_null()).then(pl.col("reported_on") > pl.col("aware_on")).otherwise(pl.col("aware_on") < as_of)
