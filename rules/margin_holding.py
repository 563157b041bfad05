"""Company Securities held on margin."""

import polars as pl

from rules import rule


@rule(
    over="margin_accounts",
    severity="high",
    applies=pl.col("is_bound"),
    evidence=("account_id", "quantity", "evidence_from"),
    needs=("holdings",),
    clear_needs=("trades",),
    subject="account_id",
    because_by="shown_as",
    because={
        "margin_position": "On {occurred_on} the statement of account {account_id} shows {quantity} {symbol} as a margin position.",
        "margin_account": "On {occurred_on} the statement of account {account_id} shows {quantity} {symbol} without saying whether in cash or on margin; margin is enabled on the account.",
        "trade": "On {occurred_on} a trade of {quantity} {symbol} was booked in account {account_id}, on which margin is enabled; no statement shows the position as held in cash.",
    },
    undecided="Position of {quantity} {symbol} in account {account_id} on {occurred_on}; the roster gives the account as of kind margin with margin not enabled, so whether it is a margin account is not known",
)
def margin_holding() -> pl.Expr:
    """Company Securities held on margin.

    What counts: Company Securities of directors, officers, general managers and their Related Persons shown as a margin position in any
    account, or in an account with margin enabled where the statement does not say cash. Nothing need be borrowed.
    Not seen: accounts that no statement shows.
    To review: 1. read the position type on the statement; 2. ask for the account agreement if margin is enabled.
    """
    return pl.col("on_margin")
