"""What a trade today would match under Section 16(b), and from which day it would match nothing."""

from datetime import date
from decimal import Decimal

import polars as pl

from transforms.facts.short_swings import short_swings
from transforms.facts.standings import standing_on
from transforms.facts.swing_legs import numbered
from transforms.facts.swing_pairs import cutoff, swing_pairs
from transforms.facts.swing_totals import sums
from transforms.policy import Policy

BY = ["person_id", "share_class"]
OPPOSITE = {"sale": "purchase", "purchase": "sale"}
CENTS = pl.Decimal(38, 2)


def swing_outlook(swing_legs: pl.DataFrame, executions: pl.DataFrame, standings: pl.DataFrame, policy: Policy, as_of: date) -> pl.DataFrame:
    """One row a person and class of shares with a purchase or sale that a trade today could match.

    For a sale and a purchase each: `…_free_on`, the first day on which it would match nothing; `…_units`, how many units it could
    match today at most; `…_owes`, what so many would add to the greatest gain at `price`, US dollars; `price`: the last one on
    record of the class, on today's split basis, of `priced_on`. Pairs of derivatives are left out. Source: 15 U.S.C. 78p(b).
    """
    return outlook(swing_legs, last_prices(executions), standings, policy, as_of)


def last_prices(executions: pl.DataFrame) -> pl.DataFrame:
    """One row a class: the last price on record, on today's split basis."""
    shares = executions.filter(pl.col("is_company_security") & pl.col("asset").is_in(["common", "preferred"]) & (pl.col("price") > 0))
    today = (pl.col("price").cast(pl.Decimal(38, 12)) / pl.col("factor")).alias("price")
    return shares.sort("sequence").group_by("share_class").agg(today.last(), priced_on=pl.col("traded_on").last())


def outlook(legs: pl.DataFrame, prices: pl.DataFrame, standings: pl.DataFrame, policy: Policy, as_of: date) -> pl.DataFrame:
    """The rows of `swing_outlook` at given prices."""
    shares = legs.filter(pl.col("series").is_null() & pl.col("way").is_in(["purchase", "sale"]) & pl.col("price_paid").is_not_null())
    live = shares.filter((pl.col("in_office") | pl.col("is_tenth")) & (pl.col("traded_on") <= as_of)).with_columns(
        cutoff_on=cutoff(pl.col("traded_on"), policy)
    )
    near = _near(live.filter(pl.col("cutoff_on") >= as_of), standings, as_of)
    priced = near.join(prices, on="share_class", how="left")
    about = shares.join(near.select(BY), on=BY, how="semi")
    for way in OPPOSITE:
        priced = priced.join(_owed(about, priced, way, policy, as_of), on=BY, how="left")
    return priced.drop("in_office", "is_tenth").sort(BY)


def _near(live: pl.DataFrame, standings: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Each person and class with the days and units of the legs that are within reach."""
    of = {way: pl.col("way") == opposite for way, opposite in OPPOSITE.items()}
    free = {f"{way}_free_on": pl.col("cutoff_on").filter(mask).max() + pl.duration(days=1) for way, mask in of.items()}
    units = {f"{way}_units": pl.col("quantity_today").filter(mask).sum() for way, mask in of.items()}
    grouped = live.group_by(BY).agg(**free, **units).with_columns(day=pl.lit(as_of))
    placed = standing_on(grouped, standings, "person_id", "day", ("in_office", "ten_percent"))
    return placed.rename({"ten_percent": "is_tenth"}).drop("day")


def _owed(legs: pl.DataFrame, near: pl.DataFrame, way: str, policy: Policy, as_of: date) -> pl.DataFrame:
    """What a trade of all that it could match would add."""
    asked = near.filter((pl.col(f"{way}_units") > 0) & pl.col("price").is_not_null())
    nothing = {name: pl.lit(None, dtype=dtype) for name, dtype in legs.schema.items()}
    price = pl.col("price").cast(pl.Decimal(38, 12))
    more = asked.select(**nothing | {
        "person_id": pl.col("person_id"), "share_class": pl.col("share_class"), "trade_id": pl.lit("a trade today"), "way": pl.lit(way), "traded_on": pl.lit(as_of),
        "in_office": pl.col("in_office"), "is_tenth": pl.col("is_tenth"), "quantity": pl.col(f"{way}_units"), "quantity_today": pl.col(f"{way}_units"),
        "price_paid": price.cast(legs.schema["price_paid"]), "price_today": price, "factor": pl.lit(Decimal(1)), "is_exact": pl.lit(value=True),
    }).cast(dict(legs.schema))  # type: ignore[arg-type]  # fmt: skip  # polars types columns only
    before, after = (_totals(each, policy) for each in (legs, pl.concat([legs, more])))
    both = asked.select(BY).join(before, on=BY, how="left").join(after, on=BY, how="left", suffix="_then")
    zero = pl.lit(Decimal(0)).cast(CENTS)
    return both.select(*BY, (pl.col("profit_max_then").fill_null(zero) - pl.col("profit_max").fill_null(zero)).alias(f"{way}_owes"))


def _totals(legs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    again = numbered(legs.drop("leg", "group"))
    return sums(short_swings(again, swing_pairs(again, policy))).select(*BY, "profit_max")
