"""A second single-trade plan within twelve months."""

import polars as pl

from rules import rule


@rule(
    over="plan_terms",
    severity="high",
    applies=pl.col("kind") == "single_trade",
    evidence={"plan_id": "plan_id", "other_plan_id": "recent_single_plan_id"},
    needs=("plans",),
    subject="plan_id",
    because="Single-trade plan {plan_id} was adopted on {adopted_on}, less than twelve months after single-trade plan {recent_single_plan_id}.",
    undecided="Single-trade plan {plan_id}, adopted on {adopted_on}: whether another came before is not known",
)
def plan_single_trade() -> pl.Expr:
    """A second single-trade plan within twelve months.

    What counts: a single-trade plan adopted less than twelve months after another of the same person, both since 2023-02-27. Whether the
    first was completed does not matter.
    Not seen: plans with other brokers that are not on record.
    To review: 1. compare the days of adoption; 2. ask for plans elsewhere.
    """
    return pl.col("recent_single_plan_id").is_not_null()
