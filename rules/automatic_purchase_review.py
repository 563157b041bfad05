"""An automatic purchase while the window was closed."""

import polars as pl

from rules import TRADE, rule


@rule(
    over="window_trades",
    severity="info",
    applies=pl.col("is_company_security") & (pl.col("permitted") == "automatic_purchase").fill_null(value=False) & pl.col("is_bound"),
    needs=("announcements",),
    because=f"{TRADE}, an automatic purchase outside an open window.",
    undecided=f"{TRADE}; whether the window was open is not known",
)
def automatic_purchase_review() -> pl.Expr:
    """An automatic purchase while the window was closed.

    What counts: a reinvestment or purchase-plan purchase of Company Securities by a designated person or Related Person outside an open
    window. The policy is silent on them; the decision lies in the enrolment, which is reviewed on its own.
    Not seen: whether the programme's terms leave the person a choice.
    To review: 1. see when the person enrolled; 2. note whether that was in an open window.
    """
    return ~pl.col("is_inside")
