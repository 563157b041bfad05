"""Trades of people who stood on a restricted or project list, or might have."""

import polars as pl

from transforms.policy import Policy

KINDS = ["buy", "sell", "short_sell", "cover", "sell_to_cover"]


def listed_trades(
    answered_trades: pl.DataFrame,
    list_entries: pl.DataFrame,
    instruments: pl.DataFrame,
    plan_trades: pl.DataFrame,
    policy: Policy,
    missing: frozenset[str],
) -> pl.DataFrame:
    """One row a trade in a security of a listed issuer (or a derivative on one), person on the list, and kind of list.

    `is_barred`: dated from `added_at` until the end, which is two full days after publication, or the removal if that
    came first (policy III, V.B, V.F); null where a trade without a time falls on the day of either. Of several entries
    the one that surely bars, else may bar, and ends last. A trade of an account that nobody on the roster holds stands beside each list of the issuer;
    without a table of lists each trade of someone whom a list could name does, with a null answer. `tradable_from_on` null = no end, or an end by removal.
    """
    traded = answered_trades.filter(pl.col("kind").is_in(KINDS))
    beside = _beside(traded.join(_barred(instruments, list_entries), on="symbol"), list_entries)
    related_too = pl.col("list_kind") == "project" if policy.reads("list.related", "project_only") else pl.lit(value=True)
    bound = pl.col("own") | (pl.col("related") & related_too)
    both = beside.filter(bound.fill_null(value=True)).with_columns(is_bound=bound, is_barred=_is_barred())
    planned = plan_trades.filter(pl.col("is_sound").fill_null(value=True)).select("trade_id", "is_sound", adopted="adoption_on")
    tested = both.join(planned, on="trade_id", how="left").with_columns(
        exempt_plan_10b5_1=pl.when((pl.col("list_kind") == "project") & pl.col("plan_id").is_not_null() & pl.lit("plans" in missing)).then(None)
        .when((pl.col("list_kind") == "project") & (pl.col("adopted") < pl.col("added_at").dt.date())).then("is_sound").otherwise(pl.lit(value=False)),
        trader_id="related_trader_id",
        open_question=pl.when(pl.col("is_barred").is_null()).then(pl.lit("the person was put on or taken off the list on that day, and which came first is not on record"))
        .when(pl.col("is_bound").is_null()).then(pl.lit("whether the child was under 18 is not known, as no date of birth is on record"))
        .otherwise(pl.lit("whether a Rule 10b5-1 plan takes it out is not known")),
        end=pl.when(pl.col("tradable_from_on").is_null()).then(pl.lit("open")).otherwise(pl.lit("dated")),
    )  # fmt: skip
    if "lists" in missing:
        tested = pl.concat([tested, _unlisted(traded)], how="diagonal_relaxed")
    hits = pl.col("is_bound") & pl.col("is_barred") & ~pl.col("exempt_plan_10b5_1")
    rank = [hits.fill_null(value=False), hits.is_null(), pl.col("is_barred"), pl.col("ends").is_null(), pl.col("ends")]
    return (
        tested.sort(*rank, "list_id", descending=[True] * len(rank) + [False])
        .unique(["trade_id", "person_id", "list_kind"], keep="first", maintain_order=True)
        .sort("sequence", "person_id", "list_kind")
    )


def _barred(instruments: pl.DataFrame, list_entries: pl.DataFrame) -> pl.DataFrame:
    """Symbols of the listed issuers, derivatives on them included; funds and index products never."""
    issuers = instruments.join(instruments.select(underlying_end="symbol", underlying_issuer="issuer_id"), on="underlying_end", how="left")
    single = issuers.filter(~pl.col("asset").is_in(["fund", "index_derivative"]))
    both = single.select("symbol", issuer_id=pl.concat_list("issuer_id", "underlying_issuer")).explode("issuer_id").drop_nulls().unique()
    return both.filter(pl.col("issuer_id").is_in(list_entries["issuer_id"].implode()))


def _beside(trades: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """Trades beside the entries of the person, of everyone, and, where nobody is known to hold the account, all of them."""
    named = trades.join(entries.filter(pl.col("listed_id") != "*"), left_on=["issuer_id", "person_id"], right_on=["issuer_id", "listed_id"])
    everyone = trades.filter(pl.col("listed")).join(entries.filter(pl.col("listed_id") == "*").drop("listed_id"), on="issuer_id")
    unheld = trades.filter(pl.col("person_id").is_null()).join(entries.drop("listed_id"), on="issuer_id")
    return pl.concat([named, everyone, unheld], how="diagonal_relaxed")


def _unlisted(traded: pl.DataFrame) -> pl.DataFrame:
    """Each trade of someone whom a list could name, once a kind of list, with nothing known of it."""
    could_be = traded.filter(pl.col("listed").fill_null(value=True) & pl.col("own").fill_null(value=True))
    kinds = pl.DataFrame({"list_kind": ["restricted", "project"]})
    return could_be.join(kinds, how="cross").with_columns(is_bound=pl.lit(value=True), exempt_plan_10b5_1=pl.lit(value=False))


def _is_barred() -> pl.Expr:
    removed = pl.col("ended_at").is_not_null() & _since("ended_at")
    return _since("added_at") & ~removed & (pl.col("tradable_from_on").is_null() | (pl.col("traded_on") < pl.col("tradable_from_on")))


def _since(instant: str) -> pl.Expr:
    """Whether the trade came at an instant or after it; null for a trade without a time on its day."""
    day, at, then = pl.col("traded_on"), pl.col("traded_at"), pl.col(instant)
    dated = pl.when(day > then.dt.date()).then(pl.lit(value=True)).when(day < then.dt.date()).then(pl.lit(value=False))
    return pl.when(at.is_not_null()).then(at >= then).otherwise(dated)
