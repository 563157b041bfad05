"""Company Securities pledged."""

import polars as pl

from rules import rule


@rule(
    over="pledged_accounts",
    severity="high",
    applies=pl.col("is_bound"),
    evidence=("account_id", "quantity"),
    needs=("holdings",),
    subject="account_id",
    silent=pl.lit(value=True),
    because_by="shown_as",
    because={
        "units": "{quantity} {symbol} in account {account_id} are shown as pledged on {occurred_on}.",
        "account": "On {occurred_on} account {account_id}, which the roster marks as pledged, held {quantity} {symbol}.",
    },
    undecided="{quantity} {symbol} in account {account_id} on {occurred_on}; whether the account is pledged is not on the roster",
)
def pledged_holding() -> pl.Expr:
    """Company Securities pledged.

    What counts: Company Securities of a director or officer of which a part is pledged, or that lie in an account that secures a loan.
    Not seen: pledges that neither the statement nor the roster of accounts shows; an empty cell is not known.
    To review: 1. ask the broker or lender for the security agreement; 2. note since when it holds.
    """
    return pl.col("is_pledged")
