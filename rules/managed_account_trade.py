"""A trade in Company Securities in a managed account."""

import polars as pl

from rules import TRADE, rule


@rule(
    over="managed_trades",
    severity=pl.when("designated").then(pl.lit("medium")).otherwise(pl.lit("low")),
    applies=pl.col("is_company_security") & pl.col("is_dealing") & pl.col("is_bound"),
    severities=("medium", "low"),
    because=f"{TRADE} in account {{account_id}}, which the roster marks as managed.",
    undecided=f"{TRADE} in account {{account_id}}; whether it is managed is not known",
)
def managed_account_trade() -> pl.Expr:
    """A trade in Company Securities in a managed account.

    What counts: a purchase or sale of Company Securities in a managed account of staff. Funds never count; window and clearance are
    tested as well.
    Not seen: accounts that the roster does not mark as managed.
    To review: 1. ask whether the adviser was told to keep out of Company Securities; 2. ask for the instruction.
    """
    return pl.lit(value=True)
