"""Traded more than was cleared."""

import polars as pl

from rules import TRADE, rule
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE


@rule(
    over="cleared_trades",
    severity="high",
    applies=pl.col("needs_clearance"),
    exempt=EXEMPT_FROM_CLEARANCE,
    evidence={"clearance_id": "exceeded_clearance_id", "cleared": "cleared", "executed": "executed", "excess": "excess"},
    needs=("clearances",),
    flag_needs=("corporate_actions",),
    clear_needs=("corporate_actions",),
    silent=pl.col("may_be_shared"),
    because=f"{TRADE}; the order executed {{executed}} and {{cleared}} could be drawn on clearance {{exceeded_clearance_id}}: {{excess}} more.",
    undecided=f"{TRADE}; how much was cleared is not known",
)
def clearance_exceeded() -> pl.Expr:
    """Traded more than was cleared.

    What counts: what an order executed beyond the quantity that its clearances still held, on the split basis of the
    trade. Equality passes.
    Not seen: a larger quantity that was cleared orally.
    To review: 1. add up the fills of the order; 2. compare with the quantity of the request and with earlier draws on it.
    """
    return pl.col("excess").is_not_null() | pl.when(~pl.col("may_be_shared")).then(pl.lit(value=False))
