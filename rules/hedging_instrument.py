"""Dealt in a hedging instrument on Company Securities."""

import polars as pl

from rules import TRADE, rule


@rule(
    over="derivative_trades",
    severity="critical",
    flag_needs=("holdings", "corporate_actions"),
    applies=pl.col("is_hedge") & pl.col("is_bound"),
    silent=pl.col("is_company_derivative").is_null(),
    because=f"{TRADE}, of kind {{asset}}, on Company Securities.",
    undecided=f"{TRADE}, of kind {{asset}}; whether it is on Company Securities is not on record",
)
def hedging_instrument() -> pl.Expr:
    """Dealt in a hedging instrument on Company Securities.

    What counts: opening or increasing a swap, forward, collar, future or exchange fund on Company Securities by a designated person or
    Related Person. Broad index and sector products never count; a trade that reduces the position does not.
    Not seen: whether two option legs make a collar; hedges with other issuers' securities.
    To review: 1. read the contract for its underlying; 2. ask what it was meant to offset.
    """
    return pl.col("is_company_derivative") & ~pl.col("reduces").fill_null(value=False)
