"""Sales of shares beside what the seller held, over all of the seller's accounts."""

import polars as pl

from transforms.facts.footings import EXACT
from transforms.facts.instruments import COMPANY_SHARES
from transforms.facts.positions import position_before
from transforms.policy import Policy


def sale_positions(
    answered_trades: pl.DataFrame,
    executions: pl.DataFrame,
    unheld_dealings: pl.DataFrame,
    accounts: pl.DataFrame,
    positions: pl.DataFrame,
    policy: Policy,
    missing: frozenset[str],
) -> pl.DataFrame:
    """One row a sale of common or preferred Company Securities and person who answers.

    `is_marked`: sold short by mark; `net_after`: the trader's net position after the sale on the split basis of the
    sale (null where no statement before it shows the symbol); shares bought or received count at once (17 CFR
    242.200(b)). `is_elsewhere`: an account that nobody
    on the roster holds has the symbol too; `shares_short`: the shortfall, at most the quantity sold. Source: policy VII.A, V.E; 15 U.S.C. 78p(c).
    """
    sales = answered_trades.filter(
        COMPANY_SHARES & pl.col("kind").is_in(["sell", "short_sell", "sell_to_cover"])
    ).with_columns(trader=pl.coalesce("related_trader_id", "person_id"), trader_id="related_trader_id")  # fmt: skip
    asked = (
        sales.filter(pl.col("designated") | pl.col("section_16"))
        .select("trade_id", "trader", "symbol", "traded_on", "traded_at", "sequence", "factor")
        .unique(["trade_id", "trader"])
    )
    held = accounts.select("account_id", trader="holder_id").unique()
    openings = position_before(asked.join(held, on="trader"), positions, "traded_on")
    zero = pl.lit(0).cast(EXACT)
    opening = openings.group_by("trade_id", "trader").agg(
        opening=pl.col("position_before").fill_null(zero).sum(), is_stated=pl.col("position_before_is_stated").any()
    )
    net = asked.join(opening, on=["trade_id", "trader"], how="left").join(_same_day(asked, executions, held, policy), on=["trade_id", "trader"], how="left")
    after = pl.col("opening").fill_null(zero) + pl.col("moved").fill_null(zero)
    known = net.select("trade_id", "trader", net_after=pl.when(pl.col("is_stated") & pl.lit("corporate_actions" not in missing)).then(after / pl.col("factor")))
    marked = (pl.col("kind") == "short_sell") | pl.col("marked_short").fill_null(value=False)
    short = pl.min_horizontal(pl.col("quantity").cast(EXACT), -pl.col("net_after"))
    return sales.join(known, on=["trade_id", "trader"], how="left").with_columns(
        is_marked=marked,
        is_elsewhere=pl.col("symbol").is_in(unheld_dealings["symbol"].unique().implode()),
        is_bound=(pl.col("designated") | pl.col("section_16")) & (pl.col("own") | (pl.col("related") & pl.col("designated"))),
        reason=pl.when(marked).then(pl.lit("marked")).otherwise(pl.lit("net_short")),
        shares_short=pl.when(marked).then(pl.col("quantity").cast(EXACT)).otherwise(short),
    ).sort("sequence", "person_id")  # fmt: skip


def _same_day(sales: pl.DataFrame, executions: pl.DataFrame, held: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """What moved on the day of a sale up to and including it: acquisitions first where a time is missing."""
    moves = executions.filter(pl.col("movement") != 0).select(
        "account_id", "symbol", "traded_on", other_at="traded_at", other_sequence="sequence", other_kind="movement",
        size=pl.col("quantity").cast(EXACT) * pl.col("factor") * pl.col("movement"),
    ).join(held, on="account_id")  # fmt: skip
    pairs = sales.join(moves, on=["trader", "symbol", "traded_on"])
    untimed = pl.col("traded_at").is_null() | pl.col("other_at").is_null()
    first = pl.lit(policy.reads("short_sale.same_day_order", "acquisitions_first"))
    gained = pl.when(untimed).then(first).otherwise(pl.col("other_at") <= pl.col("traded_at"))
    counts = pl.when(pl.col("other_kind") == 1).then(gained).otherwise(pl.col("other_sequence") <= pl.col("sequence"))
    return pairs.filter(counts).group_by("trade_id", "trader").agg(moved=pl.col("size").sum())
