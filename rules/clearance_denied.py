"""Traded after clearance was denied."""

import polars as pl

from rules import TRADE, rule
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE


@rule(
    over="cleared_trades",
    severity="critical",
    applies=pl.col("needs_clearance"),
    exempt=tuple(name for name in EXEMPT_FROM_CLEARANCE if name != "gift"),
    evidence=("clearance_id",),
    needs=("clearances",),
    because_by="heard",
    because={
        "before": f"{TRADE}; request {{clearance_id}} had been denied, received on {{denied}}, before the execution, and no decision on record fits the trade better.",
        "same_day": f"{TRADE}; request {{clearance_id}} was denied on {{denied}}, the day of the trade, and which came first is not on record.",
    },
    undecided=f"{TRADE}; whether clearance had been denied is not known",
)
def clearance_denied() -> pl.Expr:
    """Traded after clearance was denied.

    What counts: no clearance supports the trade, and the decision that comes nearest is a denial received before it,
    whatever side or symbol it was about. A denial is secret: tell only those who must know.
    Not seen: a denial that was given orally and not logged.
    To review: 1. read the denied request beside the trade; 2. find out whether the person had received the denial.
    """
    return pl.col("is_denied")
