"""An order without an end, or with a late one."""

import polars as pl

from rules import Limit, rule


@rule(
    over="standing_orders",
    severity="low",
    applies=pl.col("is_company_security") & pl.col("staff"),
    exempt=("plan_10b5_1",),
    clear_needs=("clearances",),
    evidence={"order_id": "subject_id", "expires_on": "ends_on", "latest_allowed_on": "latest_allowed_on"},
    subject="subject_id",
    limits=(Limit("latest day for the order", "latest_allowed_on", day="ends_on", unit="days", told="Order {subject_id}, {side} of {quantity} {symbol}"),),
    because_by="end",
    because={
        "dated": "Order {subject_id}, {side} of {quantity} {symbol}, could fill until {ends_on}; the latest day for it was {latest_allowed_on}.",
        "open": "Order {subject_id}, {side} of {quantity} {symbol}, is good till cancelled and no expiry is on record; the latest day for it was {latest_allowed_on}.",
    },
    undecided="Order {subject_id}, {side} of {quantity} {symbol}: the day of its placing, that of its end, or whether it was at a price, is not on record",
)
def standing_order() -> pl.Expr:
    """An order without an end, or with a late one.

    What counts: an order of staff in Company Securities that is good till cancelled without expiry, or at a price with an expiry after the
    last day of its clearance or the last of the full trading days that the policy allows after it was placed. Orders under an approved plan are exempt.
    Not seen: orders that neither the log nor a fill tells of.
    To review: 1. ask the broker for the order ticket; 2. see whether it still stands.
    """
    return pl.col("is_open_ended") | (pl.col("is_limited") & (pl.col("ends_on") > pl.col("latest_allowed_on")))
