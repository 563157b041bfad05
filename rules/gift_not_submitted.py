"""A gift without a good clearance on record."""

import polars as pl

from rules import TRADE, rule


@rule(
    over="cleared_trades",
    severity="low",
    applies=pl.col("is_company_security") & (pl.col("kind") == "gift_out") & pl.col("designated") & pl.col("own") & ~pl.col("tested_as_sale"),
    needs=("clearances",),
    because=f"{TRADE}; no clearance of the gift that was good on its day is on record.",
    undecided=f"{TRADE}; whether it is tested as a sale instead is not known",
)
def gift_not_submitted() -> pl.Expr:
    """A gift without a good clearance on record.

    What counts: a gift of Company Securities by a designated person, not tested as a sale, without a valid or possible clearance.
    Not seen: what the giver had reason to believe about the recipient.
    To review: 1. ask whether the gift was submitted; 2. ask whether the recipient still holds the shares.
    """
    return ~pl.col("has_draw") & ~pl.col("is_denied")
