"""What each insider's purchases and sales of a class come to under Section 16(b)."""

from fractions import Fraction

import polars as pl

from transforms.calendar import months_later
from transforms.facts.short_swings import decimal, rounded
from transforms.facts.swing_pairs import cutoff, in_time
from transforms.policy import Policy

CENTS = pl.Decimal(38, 2)


def swing_totals(swing_legs: pl.DataFrame, short_swings: pl.DataFrame, unheld_dealings: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a Section 16 person and class with a leg that is matched or could be.

    `profit_max`: the exact maximum, rounded once, half up, US dollars; `profit_liho`: lowest-in-highest-out beside it;
    `pairs`; `last_matching_on`; `suit_by_on` (two years, 15 U.S.C. 78p(b)); `has_open_pairs`: a derivative and a share,
    or two series, would match, and no price of the underlying is on record to value them (17 CFR 240.16b-6(c)(2));
    `has_unheld`: an account that nobody on the roster holds traded the class too.
    """
    legs = swing_legs.filter(pl.col("way").is_not_null() | pl.col("is_undecided"))
    classes = legs.group_by("person_id", "share_class").agg(
        pl.len().alias("legs"), has_unpriced=(pl.col("price_paid").is_null() & pl.col("way").is_not_null()).any(), has_code_k=pl.col("is_undecided").any(),
        symbol=pl.col("symbol").first(), traded_on=pl.col("traded_on").max(),
    )  # fmt: skip
    joined = classes.join(sums(short_swings), on=["person_id", "share_class"], how="left").join(
        _dates(short_swings, swing_legs, policy), on=["person_id", "share_class"], how="left"
    )
    opened = joined.join(_open_pairs(legs, policy), on=["person_id", "share_class"], how="left")
    zero = pl.lit(0).cast(CENTS)
    unheld = unheld_dealings.filter("is_trade")["share_class"].drop_nulls().unique()
    return opened.with_columns(
        profit_max=pl.col("profit_max").fill_null(zero), profit_liho=pl.col("profit_liho").fill_null(zero), pairs=pl.col("pairs").fill_null(0),
        has_open_pairs=pl.col("has_open_pairs").fill_null(value=False), has_unheld=pl.col("share_class").is_in(unheld.implode()),
        valued=pl.when(pl.col("has_open_pairs").fill_null(value=False)).then(pl.lit("in_part")).otherwise(pl.lit("whole")), occurred_on=pl.coalesce("occurred_on", "traded_on"),
    ).sort("person_id", "share_class")  # fmt: skip


def sums(swings: pl.DataFrame) -> pl.DataFrame:
    """Sums over the series of a class, rounded once to cents, half up; series in unlike parts of a dollar are brought to the same."""
    series = swings.unique("group", maintain_order=True).select("person_id", "share_class", "profit_sum", "liho_sum", "parts")
    by = ["person_id", "share_class"]
    unlike = series.group_by(by).agg(n=pl.col("parts").n_unique()).filter(pl.col("n") > 1)
    alike = series.join(unlike, on=by, how="anti").group_by(by).agg(pl.col("profit_sum", "liho_sum").sum(), pl.col("parts").first())
    cents = alike.select(
        *by, **{to: rounded(pl.col(name).cast(pl.Int128), pl.col("parts"), 2) for to, name in (("profit_max", "profit_sum"), ("profit_liho", "liho_sum"))}
    )
    rest = series.join(unlike, on=by, how="semi").group_by(by, maintain_order=True).agg("profit_sum", "liho_sum", "parts")
    told = [
        (person, name, *(decimal(sum((Fraction(n, part) for n, part in zip(each, parts, strict=True)), Fraction()), 2) for each in both))
        for person, name, *both, parts in rest.rows()
    ]
    return pl.concat([cents, pl.DataFrame(told, schema=cents.schema, orient="row")])


def _dates(swings: pl.DataFrame, legs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """How many pairs each insider and class has, and the days that their dates set."""
    placed = in_time(swings.select("buy", "sale", "later_on"), legs)
    later = {name: legs[name].gather(placed["later"]) for name in ("person_id", "share_class", "trade_id", "source_file", "source_line")}
    dated = placed.with_columns(*later.values(), earlier_on=legs["traded_on"].gather(placed["earlier"]))
    years = policy.parameter("section_16.suit_years").values[-1][1]
    return dated.with_columns(cutoff_on=cutoff(pl.col("earlier_on"), policy)).sort("later_on", "trade_id").group_by("person_id", "share_class", maintain_order=True).agg(
        pairs=pl.len().cast(pl.Int64), last_matching_on=pl.col("cutoff_on").max(), suit_by_on=months_later(pl.col("later_on").max(), 12 * years),
        occurred_on=pl.col("later_on").max(), trade_id=pl.col("trade_id").last(), source_file=pl.col("source_file").last(),
        source_line=pl.col("source_line").last(), matched_from_on=pl.col("earlier_on").min(),
    )  # fmt: skip


def _open_pairs(legs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Opposite ways in the underlying, from different series or a series and the shares, within the period."""
    bearish = (pl.col("put_call") == "put").fill_null(value=False)
    rises = (pl.col("way") == "purchase") ^ bearish
    dealt = legs.filter(pl.col("series").is_not_null()).select("person_id", "share_class").unique()
    if dealt.is_empty():
        return pl.DataFrame(schema={"person_id": pl.String, "share_class": pl.String, "has_open_pairs": pl.Boolean})
    sided = legs.join(dealt, on=["person_id", "share_class"], how="semi").filter(pl.col("way").is_in(["purchase", "sale"])).select(
        "person_id", "share_class", "traded_on", "in_office", "is_tenth", rises=rises, series=pl.col("series").fill_null("")
    )  # fmt: skip
    both = sided.join(sided, on=["person_id", "share_class"], suffix="_then").filter(
        (pl.col("series") != pl.col("series_then")) & (pl.col("rises") != pl.col("rises_then")) & (pl.col("traded_on") <= pl.col("traded_on_then"))
    )
    counts = pl.col("in_office") | (pl.col("is_tenth") & (pl.col("in_office_then") | pl.col("is_tenth_then")))
    near = pl.col("traded_on_then") <= cutoff(pl.col("traded_on"), policy)
    return both.filter(counts & near).select("person_id", "share_class", has_open_pairs=pl.lit(value=True)).unique()
