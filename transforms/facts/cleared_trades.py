"""Every trade that needs a clearance, with what the clearances behind it say."""

import polars as pl

from transforms.facts.clearance_pairs import TESTS

ASPECTS = (*TESTS, "unused")
KEY = ["trade_id", "person_id"]


def cleared_trades(
    clearable_trades: pl.DataFrame, clearance_pairs: pl.DataFrame, clearance_draws: pl.DataFrame, clearance_terms: pl.DataFrame, unheld_dealings: pl.DataFrame
) -> pl.DataFrame:
    """`clearable_trades` with one answer for each aspect of the clearances behind the fill: true, false, or null = not
    known, and `<aspect>_clearance_id`, the clearance that the answer is about.

    `drawn_until_on`: the earliest last day of the clearances drawn on; `may_be_shared`: a trade of an account that nobody on the roster holds may have drawn on the same clearance before;
    `has_candidate` is false where no clearance speaks of the trade; `is_denied`; for the order `cleared`, `executed`,
    `excess` (on the split basis of the fill). Source: policy VI.B.
    """
    drawn_on = clearance_draws.select(*KEY).unique().with_columns(has_draw=pl.lit(value=True))
    best = _nearest(clearance_pairs.join(drawn_on, on=KEY, how="anti"), clearance_draws)
    possible = clearance_pairs.join(
        clearance_draws.filter(~pl.col("is_valid") & (pl.col("drawn_today") > 0)).select(*KEY, "clearance_id", "turn"), on=[*KEY, "clearance_id"]
    )
    considered = pl.concat([
        best.select(*KEY, "clearance_id", *ASPECTS),
        possible.select(*KEY, "clearance_id", *TESTS, pl.lit(value=True).alias("unused"), "turn"),
    ], how="diagonal").sort("turn")  # fmt: skip
    answers = considered.group_by(KEY, maintain_order=True).agg(*_answers())
    heard = pl.when("heard_first").then(pl.lit("before")).otherwise(pl.lit("same_day"))
    denials = clearance_terms.select("clearance_id", denied="decided_said")
    chosen = best.join(denials, on="clearance_id", how="left").select(
        *KEY, "clearance_id", "fields", "used_by", "denied", is_denied=~pl.col("is_approved"), heard=heard
    )
    joined = clearable_trades.join(drawn_on, on=KEY, how="left", maintain_order="left").join(chosen, on=KEY, how="left", maintain_order="left").join(
        answers, on=KEY, how="left", maintain_order="left"
    ).join(_excess(clearable_trades, clearance_draws), on=KEY, how="left", maintain_order="left")  # fmt: skip
    told = _with_terms(joined, clearance_pairs, clearance_terms)
    shared = _shared(clearable_trades, clearance_draws, clearance_terms, unheld_dealings)
    return (
        told.join(shared, on=KEY, how="left", maintain_order="left")
        .join(_until(clearance_draws, clearance_terms), on=KEY, how="left", maintain_order="left")
        .with_columns(
            *(pl.when(pl.col(f"{aspect}_clearance_id").is_null()).then(pl.lit(value=True)).otherwise(aspect).alias(aspect) for aspect in ASPECTS),
            has_candidate=pl.col("has_draw").fill_null(value=False) | pl.col("clearance_id").is_not_null(),
            has_draw=pl.col("has_draw").fill_null(value=False),
            is_denied=pl.col("is_denied").fill_null(value=False),
            may_be_shared=pl.col("may_be_shared").fill_null(value=False),
        )
    )


def _with_terms(trades: pl.DataFrame, pairs: pl.DataFrame, clearance_terms: pl.DataFrame) -> pl.DataFrame:
    """Trades with what a sentence says of the first clearance that each aspect is about, and the approver's part in it."""
    terms = clearance_terms.select("clearance_id", "decided", "decided_said", "revoked_at", "valid_through_on", "decided_by")
    for aspect, columns in {
        "decided_before": ["decided", "decided_said"],
        "in_time": ["valid_through_on"],
        "unrevoked": ["revoked_at"],
        "authorised": ["decided_by"],
        "independent": ["decided_by"],
    }.items():
        named = terms.select(pl.col("clearance_id").alias(f"_first_{aspect}"), *(pl.col(c).alias(f"{aspect}_{c}") for c in columns))
        first = pl.col(f"{aspect}_clearance_id").str.split(";").list.first()
        trades = trades.with_columns(first.alias(f"_first_{aspect}")).join(named, on=f"_first_{aspect}", how="left", maintain_order="left")
    named = pairs.select(*KEY, pl.col("clearance_id").alias("_first_independent"), "part")
    return trades.join(named, on=[*KEY, "_first_independent"], how="left", maintain_order="left")


def _until(draws: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """The earliest last day of the clearances that each fill drew on."""
    dated = draws.join(terms.select("clearance_id", "valid_through_on"), on="clearance_id")
    return dated.group_by(KEY).agg(drawn_until_on=pl.col("valid_through_on").min())


def _shared(trades: pl.DataFrame, draws: pl.DataFrame, terms: pl.DataFrame, unheld: pl.DataFrame) -> pl.DataFrame:
    """Fills that drew on a clearance after a trade of the same symbol and side in an account of nobody on the roster."""
    dealt = unheld.filter("is_trade").select("symbol", "day", tested_side="side").unique()
    drawn = draws.select(*KEY, "clearance_id").join(trades.select(*KEY, "symbol", "tested_side", "traded_on"), on=KEY)
    both = drawn.join(terms.select("clearance_id", "decided_on"), on="clearance_id").join(dealt, on=["symbol", "tested_side"])
    return both.filter(pl.col("day").is_between("decided_on", "traded_on")).select(*KEY, may_be_shared=pl.lit(value=True)).unique()


def _answers() -> list[pl.Expr]:
    """For each aspect: false if it fails, null if unknown, and the ids of the clearances of which that is so."""
    said = []
    for aspect in ASPECTS:
        open_or_failed = ~pl.col(aspect).fill_null(value=False)
        said += [
            pl.col(aspect).all(ignore_nulls=False).alias(aspect),
            pl.col("clearance_id").filter(open_or_failed).str.join(";").replace("", None).alias(f"{aspect}_clearance_id"),
        ]
    return said


def _nearest(pairs: pl.DataFrame, draws: pl.DataFrame) -> pl.DataFrame:
    """For each fill without a draw: the clearance near in time with the fewest failures; ties: latest decision, then id."""
    uses = draws.group_by("clearance_id", "unit_id").agg(
        user_turn=pl.col("unit_turn").first(), used_turn=pl.col("turn").min(), used_by=pl.col("unit_root_id").first()
    ).rename({"unit_id": "user"})  # fmt: skip
    single = pairs.filter(~pl.col("multi_trade"))
    earlier = (
        single.join(uses, on="clearance_id")
        .filter(pl.col("user_turn") < pl.col("unit_turn"))
        .sort("used_turn").group_by([*KEY, "clearance_id"], maintain_order=True)
        .agg(pl.col("user").first(), pl.col("used_by").first())
    )  # fmt: skip
    marked = pairs.join(earlier, on=[*KEY, "clearance_id"], how="left").with_columns(unused=pl.col("user").is_null())
    heard = pl.col("is_approved") | pl.col("decided_before").fill_null(value=True)
    others = [aspect for aspect in ASPECTS if aspect != "matches"]
    failed = pl.sum_horizontal(pl.col("fields").list.len().cast(pl.Int64), *((~pl.col(aspect).fill_null(value=False)).cast(pl.Int64) for aspect in others))
    scored = marked.filter(pl.col("is_near") & heard).with_columns(failures=pl.when("is_approved").then(failed).otherwise(1))
    ordered = scored.sort("failures", "decided_first_at", "clearance_id", descending=[False, True, False])
    nearest = ordered.unique(KEY, keep="first", maintain_order=True)
    return nearest.with_columns(
        pl.col("decided_before").alias("heard_first"), *(pl.when("is_approved").then(aspect).otherwise(pl.lit(value=True)).alias(aspect) for aspect in ASPECTS)
    )


def _excess(trades: pl.DataFrame, draws: pl.DataFrame) -> pl.DataFrame:
    """What an order executed beyond what its clearances covered, on the row of its first fill with an excess."""
    per_fill = draws.group_by(KEY, maintain_order=True).agg(
        drawn=pl.col("drawn_today").sum(), ids=pl.col("clearance_id").filter(pl.col("drawn_today") > 0), all_ids=pl.col("clearance_id")
    )
    fills = (
        trades.select(*KEY, "unit_id", "sequence", "quantity_today", "factor")
        .join(per_fill, on=KEY)
        .with_columns(over=pl.col("quantity_today") - pl.col("drawn"))
    )
    beyond = pl.col("over") > 0
    units = fills.sort("sequence").group_by("unit_id", "person_id", maintain_order=True).agg(
        trade_id=pl.col("trade_id").filter(beyond).first(),
        factor=pl.col("factor").filter(beyond).first(),
        over=pl.col("over").sum(), drawn=pl.col("drawn").sum(),
        ids=pl.col("ids").list.explode(keep_nulls=False, empty_as_null=False).unique(maintain_order=True), all_ids=pl.col("all_ids").list.explode(keep_nulls=False, empty_as_null=False).unique(maintain_order=True),
    ).filter(pl.col("trade_id").is_not_null())  # fmt: skip
    listed = pl.when(pl.col("ids").list.len() > 0).then("ids").otherwise("all_ids")
    return units.select(
        *KEY, exceeded_clearance_id=listed.list.join(";"),
        cleared=pl.col("drawn") / pl.col("factor"), excess=pl.col("over") / pl.col("factor"),
        executed=(pl.col("drawn") + pl.col("over")) / pl.col("factor"),
    )  # fmt: skip
