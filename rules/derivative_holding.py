"""Holds a derivative on Company Securities."""

import polars as pl

from rules import rule
from transforms.policy import Policy


def _severity(policy: Policy) -> pl.Expr:
    old = (pl.col("quantity").abs() <= pl.col("before_designation").abs()).fill_null(value=False)
    known = old & policy.reads("derivative.held_before", "info")
    return pl.when(known).then(pl.lit("info")).otherwise(pl.lit("medium"))


@rule(
    over="derivative_positions",
    severity=_severity,
    applies=pl.col("is_bound"),
    evidence=("quantity", "held_on"),
    needs=("holdings",),
    subject="account_symbol",
    severities=("medium", "info"),
    silent=pl.lit(value=True),
    because_by="history",
    because={
        "traced": "Position of {quantity} {symbol}, a derivative on Company Securities, in account {account_id} on the statement of {held_on}; the first statement since designation is that of {occurred_on}, and just before designation {before_designation} were held.",
        "untraced": "Position of {quantity} {symbol}, a derivative on Company Securities, in account {account_id} on the statement of {held_on}; the first statement since designation is that of {occurred_on}, and nothing on record shows what was held before.",
    },
    undecided="Position of {quantity} {symbol} in account {account_id} on {held_on}; whether it is a derivative on Company Securities is not known",
)
def derivative_holding() -> pl.Expr:
    """Holds a derivative on Company Securities.

    What counts: a position in a derivative on Company Securities, long or short, of a designated person or Related Person. Options that the
    company granted and exchange funds are left out. Severity info: not more than was held just before designation.
    Not seen: positions that no statement shows.
    To review: 1. find the trade that opened it; 2. compare with the first day of designation.
    """
    return pl.col("is_barred")
