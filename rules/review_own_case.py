"""Reviewed a case of one's own."""

import polars as pl

from rules import rule


@rule(
    over="reviewed_cases",
    severity="high",
    applies=pl.col("is_known"),
    evidence=("case_id",),
    needs=("reviews",),
    clear_needs=("relations", "clearances", "trades"),
    subject="review_id",
    silent=pl.col("is_known").is_null(),
    because="Review {review_id} of case {case_id} on {reviewed_on} is by {reviewed_by}, who {part}.",
    undecided="Review {review_id} of case {case_id}: the part of the reviewer is not known",
)
def review_own_case() -> pl.Expr:
    """Reviewed a case of one's own.

    What counts: the reviewer is the case's person or the trader, is tied to one of them, or decided a clearance that a finding of the case
    names.
    Not seen: ties that the roster of relations does not hold.
    To review: 1. name the tie; 2. have another Compliance Officer review the case.
    """
    return pl.col("has_part")
