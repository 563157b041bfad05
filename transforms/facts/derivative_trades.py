"""Trades in derivatives on Company Securities, with what was held before the person was designated."""

import polars as pl

from transforms.facts.designations import with_designation
from transforms.facts.footings import EXACT
from transforms.facts.positions import position_before
from transforms.policy import Policy


def derivative_trades(answered_trades: pl.DataFrame, designations: pl.DataFrame, positions: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a trade in a derivative and person who answers. `is_option_dealing`: of a kind that counts, in options and
    warrants that the company did not grant; `is_hedge`: in any other derivative; `history`: `old` where all reductions since designation
    together are not more than what was held before it, else `other`;
    `position_before`: at the start of the day, null = no trace. Source: policy V.E, VII.
    """
    asset = pl.col("asset").is_in(["option", "warrant", "swap", "forward", "collar", "future", "exchange_fund"])
    traded = answered_trades.filter(asset)
    with_old = position_before(with_designation(traded, designations, "traded_on"), positions, "designated_from_on", "before_designation")
    placed = position_before(with_old, positions, "traded_on")
    kinds = ["buy", "sell", "short_sell", "cover"] + (["exercise"] if policy.reads("derivative.exercise", "trade") else [])
    old = pl.col("before_designation").fill_null(pl.lit(0).cast(EXACT))
    signed = pl.col("quantity").cast(EXACT) * pl.col("factor") * pl.when(pl.col("kind") == "exercise").then(-old.sign().cast(pl.Int64)).otherwise("movement")
    against, since = _opposes(old, signed), pl.col("traded_on") >= pl.col("designated_from_on")
    marked = placed.with_columns(signed=signed, reduction=pl.when(against & since).then(signed.abs()).otherwise(0)).sort("sequence")
    running = pl.col("reduction").cum_sum().over("account_id", "symbol", "person_id")
    now, option = pl.col("position_before"), pl.col("asset").is_in(["option", "warrant"])
    return marked.with_columns(
        is_option_dealing=option & pl.col("kind").is_in(kinds) & ~pl.col("issued_by_company"),
        is_hedge=~option & ~pl.col("kind").is_in(["expiry", "assignment"]),
        is_bound=pl.col("designated") & (pl.col("own") | pl.col("related")),
        history=pl.when(against & (running <= old.abs())).then(pl.lit("old")).otherwise(pl.lit("other")),
        reduces=_opposes(now, signed) & (signed.abs() <= now.abs()),
        trader_id="related_trader_id",
    ).sort("sequence", "person_id")


def _opposes(position: pl.Expr, move: pl.Expr) -> pl.Expr:
    """Whether a move goes towards nought."""
    return position.sign().cast(pl.Int64) * move.sign().cast(pl.Int64) == -1
