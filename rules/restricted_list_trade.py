"""Traded in the issuer of a restricted list."""

import polars as pl

from rules import TRADE, Limit, rule


@rule(
    over="listed_trades",
    severity="critical",
    applies=(pl.col("list_kind") == "restricted") & pl.col("is_bound"),
    evidence=("list_id", "tradable_from_on"),
    limits=(Limit("first day allowed", "tradable_from_on"),),
    silent=pl.col("list_id").is_null(),
    because_by="end",
    because={
        "dated": f"{TRADE}; the person stood on list {{list_id}}, and the first day allowed was {{tradable_from_on}}.",
        "open": f"{TRADE}; the person stood on list {{list_id}}, for which no first day allowed is on record.",
    },
)
def restricted_list_trade() -> pl.Expr:
    """Traded in the issuer of a restricted list.

    What counts: a trade in any security of the listed issuer, derivatives included, by someone on a restricted list from the entry
    until the full trading days after publication have passed, or until the removal where that came before. A clearance does not matter here.
    Not seen: whether the person in fact knew; tips to others.
    To review: 1. compare the time of the trade with the entry; 2. ask who else was told.
    """
    return pl.col("is_barred")
