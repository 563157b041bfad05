"""Orders of staff in Company Securities, with the last day to which each may stand."""

from datetime import date

import polars as pl

from transforms.calendar import Sessions
from transforms.counting import last_full_day
from transforms.facts.standings import standing_on
from transforms.policy import Policy


def standing_orders(
    orders: pl.DataFrame, executions: pl.DataFrame, symbols: pl.DataFrame, instruments: pl.DataFrame, accounts: pl.DataFrame,
    clearance_terms: pl.DataFrame, plans: pl.DataFrame, standings: pl.DataFrame, sessions: Sessions, policy: Policy, as_of: date,
    missing: frozenset[str],
) -> pl.DataFrame:  # fmt: skip
    """One row an order and holder (person_id and `staff` null where nobody on the roster holds the account): `is_open_ended` (good till cancelled, no expiry), `ends_on`, the last day on which it
    can fill, and `latest_allowed_on` = the earlier of the last day of its clearances and the second full day after it was
    placed (null = neither is known). `exempt_plan_10b5_1`: under a plan approved by then. Source: policy VIII.A.1.
    """
    every = _orders(orders, executions, symbols).join(instruments.select("symbol", "is_company_security"), on="symbol", how="left")
    held = every.join(accounts.select("account_id", person_id="holder_id").unique(), on="account_id", how="left")
    placed = held.with_columns(placed_on=pl.col("placed_at").dt.date()).with_columns(judged_on=pl.coalesce("placed_on", "traded_on", pl.lit(as_of)))
    staffed = standing_on(placed, standings, "person_id", "judged_on", ("staff",))
    approved = plans.select("plan_id", plan_approved_on="approved_on")
    cleared = staffed.join(_cleared_until(staffed, clearance_terms), on=["order_key", "person_id"], how="left").join(approved, on="plan_id", how="left")
    second = last_full_day(pl.col("placed_on"), pl.col("placed_at"), "counting.unknown_request_time", sessions, policy, "limited")
    late = pl.col("placed_at").dt.time() >= sessions.closes_at(pl.col("placed_on"))
    day_order = pl.when(late).then(sessions.every.after(pl.col("placed_on"))).otherwise(sessions.every.on_or_after(pl.col("placed_on")))
    ends = pl.when(pl.col("time_in_force") == "day").then(day_order).otherwise("expires_on")
    return cleared.with_columns(
        staff=pl.when(pl.col("person_id").is_not_null()).then("staff"),
        is_company_security=pl.col("is_company_security").fill_null(value=False),
        is_open_ended=(pl.col("time_in_force") == "gtc").fill_null(value=False) & pl.col("expires_on").is_null(),
        is_limited=pl.when(pl.col("expires_on").is_not_null()).then(_at_a_price()).otherwise(_at_a_price().fill_null(value=False)),
        ends_on=ends, latest_allowed_on=pl.min_horizontal("cleared_until_on", second),
        exempt_plan_10b5_1=pl.when(pl.col("plan_id").is_null() | pl.lit("plans" not in missing)).then((pl.col("plan_approved_on") <= pl.col("placed_on")).fill_null(value=False)), occurred_on="judged_on",
        subject_id=pl.coalesce("order_id", "root_id"),
        end=pl.when(ends.is_null()).then(pl.lit("open")).otherwise(pl.lit("dated")),
    ).sort("subject_id", "person_id")  # fmt: skip


def _at_a_price() -> pl.Expr:
    """Whether an order is at a price, or good till cancelled; null where the empty cell decides."""
    return pl.col("order_type").is_in(["limit", "stop"]) | (pl.col("time_in_force") == "gtc")


def _orders(orders: pl.DataFrame, executions: pl.DataFrame, symbols: pl.DataFrame) -> pl.DataFrame:
    """Orders on record, and those that only the fills tell of."""
    columns = [
        "order_id",
        "account_id",
        "symbol",
        "side",
        "quantity",
        "order_type",
        "time_in_force",
        "placed_at",
        "expires_on",
        "plan_id",
        "source_file",
        "source_line",
    ]
    named = orders.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now").with_columns(symbol=pl.coalesce("symbol_now", "symbol"))
    told = pl.col("order_type").is_not_null() | pl.col("time_in_force").is_not_null()
    fills = executions.filter(told).drop("expires_on").rename({"order_placed_at": "placed_at", "order_expires_on": "expires_on"})
    loose = fills.join(orders.filter(pl.col("order_id").is_not_null()).select("account_id", "order_id"), on=["account_id", "order_id"], how="anti")
    one = loose.unique("unit_id", keep="first", maintain_order=True).select(*columns, "traded_on", "root_id", "unit_root_id", "trade_id")
    first_fill = executions.join(orders.select("account_id", "order_id"), on=["account_id", "order_id"], how="semi").unique(["account_id", "order_id"], keep="first", maintain_order=True).select(
        "account_id", "order_id", "trade_id", "traded_on", "root_id", "unit_root_id"
    )  # fmt: skip
    known = named.select(columns).join(first_fill, on=["account_id", "order_id"], how="left").select(one.columns)
    both = pl.concat([known, one], how="vertical_relaxed")
    return both.with_columns(
        order_key=pl.concat_str(["account_id", pl.coalesce("order_id", "root_id")], separator="|"), unit_id=pl.coalesce("order_id", "root_id")
    )


def _cleared_until(orders: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """The latest last day of the approvals that matched when the order was placed."""
    approved = terms.filter(pl.col("decision") == "approved").with_columns(person_id=pl.coalesce("covers", "person_id").str.split(";")).explode("person_id")
    pairs = orders.select("order_key", "person_id", "account_id", "symbol", "side", "placed_at", "judged_on").join(
        approved.select("person_id", "symbol", "side", "decided_on", "decided_first_at", "valid_through_on", "revoked_at", cleared_account="account_id"),
        on=["person_id", "symbol", "side"],
    )
    here = pl.col("cleared_account").is_null() | (pl.col("cleared_account") == pl.col("account_id"))
    by_then = (
        pl.when(pl.col("placed_at").is_null()).then(pl.col("decided_on") <= pl.col("judged_on")).otherwise(pl.col("decided_first_at") <= pl.col("placed_at"))
    )
    stands = (
        pl.when(pl.col("placed_at").is_null()).then(pl.col("revoked_at").dt.date() > pl.col("judged_on")).otherwise(pl.col("revoked_at") > pl.col("placed_at"))
    )
    lasting = (pl.col("valid_through_on") >= pl.col("judged_on")) & (pl.col("revoked_at").is_null() | stands)
    return pairs.filter(here & by_then & lasting).group_by("order_key", "person_id").agg(cleared_until_on=pl.col("valid_through_on").max())
