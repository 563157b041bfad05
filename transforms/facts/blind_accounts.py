"""Accounts about which something can't be seen: nobody holds them, or their statements stop or skip."""

from datetime import date

import polars as pl

from transforms.facts._spots import spots
from transforms.policy import Policy


def blind_accounts(executions: pl.DataFrame, holdings: pl.DataFrame, accounts: pl.DataFrame, people: pl.DataFrame, policy: Policy, as_of: date) -> pl.DataFrame:
    """unlinked_account, stale_feed and statement_gap, a row an account (a gap: a row a month or quarter)."""
    seen = pl.concat([executions.select("account_id", on="traded_on"), holdings.select("account_id", on="held_on")])
    shown = seen.group_by("account_id").agg(last_on=pl.col("on").max(), count=pl.len())
    holders = accounts.join(people.select("person_id"), left_on="holder_id", right_on="person_id", how="left", coalesce=False)
    nobody = holders.filter(pl.col("person_id").is_null()).group_by("account_id").agg(who=pl.col("holder_id").sort().str.join(", "))
    off_roster = shown.join(accounts, on="account_id", how="anti").with_columns(who=pl.lit("no holder on the roster"))
    ghosts = shown.join(nobody, on="account_id")
    stale = shown.join(accounts.filter(pl.col("closed_on").is_null()).select("account_id").unique(), on="account_id")
    days = policy.parameter("data_quality.stale_after").at(as_of)
    old = stale.with_columns(age=pl.lit(as_of) - pl.col("last_on")).filter(pl.col("age") > pl.duration(days=days))
    return pl.concat([
        spots(off_roster, "unlinked_account", "account_id", pl.format("{}: {} rows of an account with {}; nobody answers for them. Add it to accounts.", "account_id", "count", "who"), rows="count"),
        spots(ghosts, "unlinked_account", "account_id", pl.format("{}: {} rows of an account held by {}, who is not in people. Add the person.", "account_id", "count", "who"), rows="count"),
        spots(old, "stale_feed", "account_id", pl.format("{}: the latest row is of {}, more than {} days before the night.", "account_id", pl.col("last_on").cast(pl.String), pl.lit(str(days)))),
        _gaps(holdings),
    ])  # fmt: skip


def _gaps(holdings: pl.DataFrame) -> pl.DataFrame:
    """Months without a statement, of accounts with two consecutive months; quarters of the others."""
    months = holdings.select("account_id", month=pl.col("held_on").dt.truncate("1mo")).unique().sort("account_id", "month")
    step = pl.col("month").dt.offset_by("-1mo") == pl.col("month").shift(1).over("account_id")
    monthly = months.with_columns(follows=step).group_by("account_id").agg(pl.col("follows").any(), first=pl.col("month").min(), last=pl.col("month").max())
    quarterly = pl.col("first", "last").dt.truncate("1q")
    due = pl.concat([
        monthly.filter("follows").select("account_id", "follows", due=pl.date_ranges("first", "last", "1mo")),
        monthly.filter(~pl.col("follows")).with_columns(quarterly).select("account_id", "follows", due=pl.date_ranges("first", "last", "1q")),
    ]).explode("due")  # fmt: skip
    held = months.join(monthly.select("account_id", "follows"), on="account_id").select(
        "account_id", due=pl.when("follows").then("month").otherwise(pl.col("month").dt.truncate("1q"))
    )
    lacking = due.join(held, on=["account_id", "due"], how="anti").sort("account_id", "due")
    span = pl.when("follows").then(pl.lit("month")).otherwise(pl.lit("quarter"))
    return spots(lacking, "statement_gap", "account_id", pl.format("{}: no holdings in the {} from {}.", "account_id", span, pl.col("due").cast(pl.String)))
