"""Plan of an officer without its certification."""

import polars as pl

from rules import rule


@rule(
    over="plan_terms",
    severity="high",
    applies=pl.col("is_certificate_due"),
    evidence=("plan_id",),
    needs=("plans", "plan_changes"),
    subject="plan_id",
    because="Plan {plan_id}, adopted or changed by a director or executive officer on {certificate_due_on}, is on record without the representations of 17 CFR 240.10b5-1(c)(1)(ii)(C).",
    undecided="Plan {plan_id}, adopted or changed by a director or executive officer on {certificate_due_on}; whether the representations were made is not on record",
)
def plan_uncertified() -> pl.Expr:
    """Plan of an officer without its certification.

    What counts: a plan that a director or executive officer adopted, or changed in amount, price or timing, since 2023-02-27 is recorded
    as not certified.
    Not seen: what the plan's text says.
    To review: 1. read the plan for the two representations (no inside information, good faith); 2. add what is found, with its own date.
    """
    return ~pl.col("certified_where_due")
