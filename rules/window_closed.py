"""Traded while the window was closed."""

import polars as pl

from rules import Limit, rule


@rule(
    over="window_trades",
    severity="high",
    applies=pl.col("is_company_security") & pl.col("is_dealing") & pl.col("is_on_market") & pl.col("is_bound"),
    exempt=("vesting", "tax_withholding", "option_exercise", "stock_in_lieu", "automatic_purchase", "gift", "issuer_dealing", "plan_10b5_1"),
    evidence=("reason", "opens_on", "closes_on"),
    needs=("announcements",),
    speaks_for_family=True,
    limits=(Limit("first open day", "opens_on"), Limit("last open day", "closes_on")),
    because_by="told_as",
    because={
        "preliminary_only": "{kind} of {quantity} {symbol} on {traded_on}; by that day only preliminary results of the quarter ended {quarter_ended_on} had been announced.",
        "no_announcement": "{kind} of {quantity} {symbol} on {traded_on}; no final results of the quarter ended {quarter_ended_on} are on record.",
        "after_quarter_end": "{kind} of {quantity} {symbol} on {traded_on}; the window before ended on {closes_on}, and the results of the quarter ended {quarter_ended_on} were announced on {announced_on}, after the trade.",
        "empty_window": "{kind} of {quantity} {symbol} on {traded_on}; results were announced on {announced_on}, too late for a window, which would have closed on {closes_on}.",
        "before_open": "{kind} of {quantity} {symbol} on {traded_on}; the window of the quarter ended {quarter_ended_on} runs from {opens_on} through {closes_on}.",
        "after_close": "{kind} of {quantity} {symbol} on {traded_on}; the window of the quarter ended {quarter_ended_on} runs from {opens_on} through {closes_on}.",
        "settles_late": "{kind} of {quantity} {symbol} on {traded_on}; it settled on {settling_on}, and the last day of the window was {closes_on}.",
        "restated": "{kind} of {quantity} {symbol} on {traded_on}; a restatement or correction had closed the window again, until it reopens on {opens_on}.",
        "restated_to_the_end": "{kind} of {quantity} {symbol} on {traded_on}; a restatement or correction had closed the window again, and it does not reopen by {closes_on}.",
    },
    undecided="{kind} of {quantity} {symbol} on {traded_on}; whether the window was open is not known",
)  # fmt: skip
def window_closed() -> pl.Expr:
    """Traded while the window was closed.

    What counts: a purchase or sale of Company Securities in the market, by a designated person or a Related Person, on a
    trade date outside the window that earnings open; gifts where the policy tests them as sales.
    Not seen: whether the person knew anything; special closures outside the earnings calendar.
    To review: 1. compare the trade date on the broker's line with the window's dates; 2. look for an exemption that the
    records do not show (a plan, a dealing with the company), and note it.
    """
    return ~pl.col("is_inside")
