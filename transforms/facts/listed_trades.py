"""Trades of people who stood on a restricted or project list, or might have."""

import polars as pl

from transforms.calendar import Sessions
from transforms.counting import available_from
from transforms.policy import Policy

KINDS = ["buy", "sell", "short_sell", "cover", "sell_to_cover"]


def listed_trades(
    answered_trades: pl.DataFrame,
    lists: pl.DataFrame,
    instruments: pl.DataFrame,
    plan_trades: pl.DataFrame,
    sessions: Sessions,
    policy: Policy,
    missing: frozenset[str],
) -> pl.DataFrame:
    """One row a trade in a security of a listed issuer (or a derivative on one), person on the list, and kind of list.

    `is_barred`: dated from `added_at` until the end, which is two full days after publication, or the removal if that
    came first (policy III, V.B, V.F); null where a trade without a time falls on the day of either. Of several entries
    the one that bars and ends last. `tradable_from_on` null = no end, or an end by removal.
    """
    issuers = instruments.join(instruments.select(underlying_end="symbol", underlying_issuer="issuer_id"), on="underlying_end", how="left")
    barred = (
        issuers.filter(~pl.col("asset").is_in(["fund", "index_derivative"]))
        .select("symbol", issuer_id=pl.concat_list("issuer_id", "underlying_issuer"))
        .explode("issuer_id")
        .drop_nulls()
        .unique()
    )
    traded = answered_trades.filter(pl.col("kind").is_in(KINDS) & pl.col("person_id").is_not_null())
    in_issuer = traded.join(barred.filter(pl.col("issuer_id").is_in(lists["issuer_id"].implode())), on="symbol")
    entries = _entries(lists, sessions, policy)
    named = in_issuer.join(entries.filter(pl.col("listed_id") != "*"), left_on=["issuer_id", "person_id"], right_on=["issuer_id", "listed_id"])
    everyone = in_issuer.filter(pl.col("listed")).join(entries.filter(pl.col("listed_id") == "*").drop("listed_id"), on="issuer_id")
    related_too = pl.col("list_kind") == "project" if policy.reads("list.related", "project_only") else pl.lit(value=True)
    bound = pl.col("own") | (pl.col("related") & related_too)
    both = pl.concat([named, everyone], how="diagonal_relaxed").filter(bound.fill_null(value=True)).with_columns(is_bound=bound, is_barred=_is_barred())
    planned = plan_trades.filter(pl.col("is_sound").fill_null(value=True)).select("trade_id", "is_sound", adopted="adoption_on")
    tested = both.join(planned, on="trade_id", how="left").with_columns(
        exempt_plan_10b5_1=pl.when((pl.col("list_kind") == "project") & pl.col("plan_id").is_not_null() & pl.lit("plans" in missing)).then(None)
        .when((pl.col("list_kind") == "project") & (pl.col("adopted") < pl.col("added_at").dt.date())).then("is_sound").otherwise(pl.lit(value=False)),
        trader_id="related_trader_id",
        end=pl.when(pl.col("tradable_from_on").is_null()).then(pl.lit("open")).otherwise(pl.lit("dated")),
    )  # fmt: skip
    rank = [pl.col("is_barred").fill_null(value=True), pl.col("ends").fill_null(pl.date(9999, 12, 31))]
    return (
        tested.sort(*rank, "list_id", descending=[True, True, False])
        .unique(["trade_id", "person_id", "list_kind"], keep="first", maintain_order=True)
        .sort("sequence", "person_id", "list_kind")
    )


def _entries(lists: pl.DataFrame, sessions: Sessions, policy: Policy) -> pl.DataFrame:
    public = available_from(pl.col("public_at").dt.date(), pl.col("public_at"), "counting.unknown_announcement_time", sessions, policy, "list")
    removal_counts = pl.col("removed_at").is_not_null() & (pl.col("public_at").is_null() | (pl.col("removed_at") < pl.col("public_at")))
    if policy.reads("list.end", "removal_ignored"):
        removal_counts = pl.col("removed_at").is_not_null() & pl.col("public_at").is_null()
    dated = lists.with_columns(removal_counts=removal_counts, public_until=public)
    return dated.select(
        "list_id", "issuer_id", "added_at", listed_id="person_id", list_kind="kind",
        tradable_from_on=pl.when(~pl.col("removal_counts")).then("public_until"), ended_at=pl.when("removal_counts").then("removed_at"),
        ends=pl.when("removal_counts").then(pl.col("removed_at").dt.date()).otherwise("public_until"),
    )  # fmt: skip


def _is_barred() -> pl.Expr:
    day, at = pl.col("traded_on"), pl.col("traded_at")
    added, ended = pl.col("added_at"), pl.col("ended_at")
    since = pl.when(at.is_not_null()).then(at >= added).when(day != added.dt.date()).then(day > added.dt.date())
    before_removal = (
        pl.when(ended.is_null()).then(pl.lit(value=True)).when(at.is_not_null()).then(at < ended).when(day != ended.dt.date()).then(day < ended.dt.date())
    )
    return since & before_removal & (pl.col("tradable_from_on").is_null() | (day < pl.col("tradable_from_on")))
