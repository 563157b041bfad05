"""Public sales of shares with what the seller sold in the three months up to each, and the notice that covers them."""

import polars as pl

from transforms.calendar import months_later
from transforms.deadlines import cut_off
from transforms.facts.footings import EXACT, on_todays_footing
from transforms.facts.instruments import COMPANY_SHARES
from transforms.policy import Policy

SUMS = ["shares_today", "worth", "unpriced"]
SELLER = ["person_id", "symbol"]
RELATIVES = ("spouse", "child", "parent", "sibling", "other_family")


def rule_144_sales(
    answered_trades: pl.DataFrame,
    relations: pl.DataFrame,
    accounts: pl.DataFrame,
    footings: pl.DataFrame,
    dated_filings: pl.DataFrame,
    unheld_dealings: pl.DataFrame,
    policy: Policy,
) -> pl.DataFrame:
    """One row a public sale of common or preferred Company Securities and holder.

    `shares` (on the split basis of the sale) and `value` (US dollars) of all public sales of a seller whom Section 16 binds on some
    sale, or of the seller's household, in the `months` up to and with the day of the sale; `unpriced`: how many of them have no
    price; `is_elsewhere`: an account that nobody on the roster holds sold the class too. `placed_on`: the day of the order, else of the sale; `notice_on`: filing date of the latest Form 144
    until 22:00 of that day and not older than the months; `has_undated_notice`: one of unknown date. Source: 17 CFR 230.144(h).
    """
    public = answered_trades.filter(COMPANY_SHARES & pl.col("kind").is_in(["sell", "sell_to_cover"]) & (pl.col("venue") == "public"))
    bound = public.filter("section_16").select("person_id").unique()
    counted = public.filter("own").join(bound, on="person_id", how="semi")
    if policy.reads("rule_144.aggregate", "household"):
        counted = pl.concat([counted, _at_home(public.filter(~pl.col("own")), relations, accounts)])
    months = policy.parameter("rule_144.period_months").values[-1][1]
    sales = public.filter(pl.col("own") | pl.col("person_id").is_null()).with_columns(placed_on=pl.coalesce(pl.col("order_placed_at").dt.date(), "traded_on"))
    elsewhere = unheld_dealings.filter(pl.col("is_trade") & (pl.col("side") == "sell"))["share_class"].drop_nulls().unique()
    noticed, undated = _noticed(sales.join(bound, on="person_id", how="semi"), dated_filings, months, policy)
    told = sales.join(_running(counted, footings, months), on=["person_id", "traded_on"], how="left", maintain_order="left")
    return told.join(noticed, on=["person_id", "placed_on"], how="left", maintain_order="left").with_columns(
        value=pl.col("worth"), months=pl.lit(months), has_undated_notice=pl.col("person_id").is_in(undated.implode()),
        is_elsewhere=pl.col("share_class").is_in(elsewhere.implode()), trader_id=pl.lit(None, dtype=pl.String),
    )  # fmt: skip


def _at_home(sales: pl.DataFrame, relations: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Sales of relatives who have the same home as the person (17 CFR 230.144(a)(2))."""
    ties = relations.filter(pl.col("same_household").fill_null(value=False) & pl.col("relation").is_in(RELATIVES))
    held = ties.join(accounts, left_on="related_id", right_on="holder_id").select("person_id", "account_id", "from_on", "until_on")
    both = sales.select("trade_id", "person_id", "account_id", "traded_on").join(held, on=["person_id", "account_id"])
    then = both.filter((pl.col("from_on") <= pl.col("traded_on")) & (pl.col("until_on").is_null() | (pl.col("traded_on") <= pl.col("until_on"))))
    return sales.join(then, on=["trade_id", "person_id"], how="semi", maintain_order="left")


def _running(sales: pl.DataFrame, footings: pl.DataFrame, months: int) -> pl.DataFrame:
    """Sums of each seller's days, less those of days that have left the period; shares of every symbol on the basis of the day."""
    days = sales.group_by(*SELLER, "traded_on").agg(
        shares_today=(pl.col("quantity").cast(EXACT) * pl.col("factor")).sum(),
        worth=(pl.col("quantity").cast(EXACT) * pl.col("price").cast(EXACT)).sum(),
        unpriced=pl.col("price").is_null().sum().cast(EXACT),
    )  # fmt: skip
    summed = days.sort(*SELLER, "traded_on").with_columns(pl.col(SUMS).cum_sum().over(SELLER))
    left = summed.select(*SELLER, *(pl.col(name).alias(f"left_{name}") for name in SUMS), left_on=months_later(pl.col("traded_on"), months))
    asked = days.select("person_id", "traded_on").unique().join(days.select(SELLER).unique(), on="person_id").sort("traded_on")
    so_far = asked.join_asof(summed.sort("traded_on"), on="traded_on", by=SELLER, check_sortedness=False)
    both = so_far.join_asof(left.sort("left_on"), left_on="traded_on", right_on="left_on", by=SELLER, check_sortedness=False, coalesce=False)
    within = both.with_columns((pl.col(name).fill_null(0) - pl.col(f"left_{name}").fill_null(0)).alias(name) for name in SUMS)
    based = on_todays_footing(within, footings, "traded_on", "_factor").with_columns(shares=pl.col("shares_today") / pl.col("_factor"))
    return based.group_by("person_id", "traded_on").agg(pl.col("shares", "worth", "unpriced").sum())


def _noticed(sales: pl.DataFrame, filings: pl.DataFrame, months: int, policy: Policy) -> tuple[pl.DataFrame, pl.Series]:
    """The notice that is on record and fresh on each seller's days of orders; and whose notices have no date."""
    notices = filings.filter(pl.col("form").is_in(["144", "144/A"]))
    dated = notices.filter(pl.col("accepted_by").is_not_null()).select("person_id", "accepted_by", notice_on="filed_on").sort("accepted_by")
    days = sales.select("person_id", "placed_on").unique().with_columns(_by=cut_off(pl.col("placed_on"), policy)).sort("_by")
    found = days.join_asof(dated, left_on="_by", right_on="accepted_by", by="person_id", check_sortedness=False, coalesce=False)
    late_in_the_evening = (pl.col("accepted_by") > cut_off(pl.col("notice_on"), policy)).cast(pl.Int64)
    fresh = months_later(pl.col("notice_on") + pl.duration(days=late_in_the_evening), months) > pl.col("placed_on")
    return found.filter(fresh).select("person_id", "placed_on", "notice_on"), notices.filter(pl.col("accepted_by").is_null())["person_id"].unique()
