"""Sold short."""

import polars as pl

from rules import TRADE, rule


@rule(
    over="sale_positions",
    severity="critical",
    applies=pl.col("is_bound"),
    evidence=("reason", "shares_short"),
    silent=~(pl.col("is_elsewhere") & (pl.col("net_after") < 0)),
    because_by="reason",
    because={
        "marked": f"{TRADE}; it is marked as a short sale on record.",
        "net_short": f"{TRADE}; statements and trades of the accounts on the roster come to {{net_after}} {{symbol}} after it.",
    },
    undecided=f"{TRADE}; the accounts on the roster come to {{net_after}} {{symbol}} after it, and accounts that nobody on the roster holds have the symbol too",
)
def short_sale() -> pl.Expr:
    """Sold short.

    What counts: a sale that the broker marked short, also against shares held; or one after which the seller's net position over all
    accounts on record is below zero. Shares bought or received by exercise count at once.
    Not seen: accounts that are not on record; whether owned shares were delivered within 20 days.
    To review: 1. ask for statements of every account on the day of the sale; 2. look for shares held elsewhere.
    """
    return pl.col("is_marked") | pl.when(~pl.col("is_elsewhere")).then(pl.col("net_after") < 0)
