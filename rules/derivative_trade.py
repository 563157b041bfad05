"""Traded a derivative on Company Securities."""

import polars as pl

from rules import TRADE, rule


@rule(
    over="derivative_trades",
    severity=pl.when(pl.col("history") == "old").then(pl.lit("low")).otherwise(pl.lit("critical")),
    applies=pl.col("is_option_dealing") & pl.col("is_bound"),
    severities=("critical", "low"),
    silent=pl.col("is_company_derivative").is_null(),
    because_by="history",
    because={
        "other": f"{TRADE}, a derivative on Company Securities.",
        "old": f"{TRADE}, a derivative on Company Securities; it reduces a position held before designation on {{designated_from_on}}.",
    },
    undecided=f"{TRADE}; whether it is a derivative on Company Securities is not known",
)
def derivative_trade() -> pl.Expr:
    """Traded a derivative on Company Securities.

    What counts: buying, writing, closing or exercising a traded option or warrant on Company Securities by a designated person or Related
    Person. Options that the company granted are free. Severity low: it only reduces a position held before designation.
    Not seen: derivatives whose underlying is not on record.
    To review: 1. read the contract on the statement; 2. see whether it closes a position that is older than the office.
    """
    return pl.col("is_company_derivative")
