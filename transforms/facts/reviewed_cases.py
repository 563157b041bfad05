"""Reviews with the part that the reviewer had in the case."""

import polars as pl


def reviewed_cases(
    reviews: pl.DataFrame,
    cleared_trades: pl.DataFrame,
    answered_trades: pl.DataFrame,
    clearance_terms: pl.DataFrame,
    circles: pl.DataFrame,
    approvals: pl.DataFrame,
    matters: pl.DataFrame,
    missing: frozenset[str],
) -> pl.DataFrame:
    """One row a review: `has_part`, and in words `part`: the reviewer is the case's person or the trader, is tied to one of them, or decided a
    clearance that the case is about; null where nobody on the roster holds the account of the trade. `is_known` is false where nothing on record has
    the id that the case names, null where a table is missing that might. Source: VI.B.8.
    """
    split = reviews.with_columns(
        case_person=pl.col("case_id").str.extract(r"^([^/]+)/"), matter=pl.col("case_id").str.extract(r"^[^/]+/(.+)$"), reviewed_on=pl.col("reviewed_at").dt.date(),
    )  # fmt: skip
    part = _parts(split, cleared_trades, answered_trades, clearance_terms, circles, approvals)
    unheld = answered_trades.filter(pl.col("person_id").is_null())["unit_root_id"].unique()
    joined = split.join(part.with_columns(has_part=pl.lit(value=True)), on="review_id", how="left")
    return joined.with_columns(
        is_known=pl.when(pl.col("matter").is_in(matters["matter"].implode())).then(pl.lit(value=True)).when(pl.lit(not missing)).then(pl.lit(value=False)),
        has_part=pl.when(pl.col("has_part").fill_null(value=False))
        .then(pl.lit(value=True))
        .when(~pl.col("matter").is_in(unheld.implode()))
        .then(pl.lit(value=False)),
        person_id="reviewed_by",
        occurred_on="reviewed_on",
    ).sort("review_id")


def _parts(
    split: pl.DataFrame, cleared_trades: pl.DataFrame, answered_trades: pl.DataFrame, clearance_terms: pl.DataFrame, circles: pl.DataFrame, approvals: pl.DataFrame
) -> pl.DataFrame:  # fmt: skip
    """Each review whose reviewer has a part in the case, with the part in words."""
    asked_about = pl.col("person_id").is_in(split["case_person"].implode())
    traders = answered_trades.filter(asked_about).select(
        case_person="person_id", matter="unit_root_id", party=pl.coalesce("related_trader_id", "family_trader_id", "attributed_trader_id")
    )
    parties = pl.concat([
        split.select("review_id", "reviewed_by", "reviewed_on", party="case_person"),
        split.select("review_id", "case_person", "matter", "reviewed_by", "reviewed_on").join(traders.drop_nulls().unique(), on=["case_person", "matter"]).select("review_id", "reviewed_by", "reviewed_on", "party"),
    ])  # fmt: skip
    same = parties.filter(pl.col("party") == pl.col("reviewed_by")).select("review_id", part=pl.lit("is a person of the case"))
    ties = circles.filter(pl.col("circle").is_in(["related", "family"])).select(
        one="person_id", other="related_id", circle="circle", since="from_on", until="until_on"
    )
    there = parties.join(ties, left_on=["party", "reviewed_by"], right_on=["one", "other"])
    back = parties.join(ties.filter(pl.col("circle") == "related"), left_on=["reviewed_by", "party"], right_on=["one", "other"])
    lasting = (pl.col("since") <= pl.col("reviewed_on")) & (pl.col("until").is_null() | (pl.col("reviewed_on") <= pl.col("until")))
    deciders = (
        split.join(_decided(cleared_trades.filter(asked_about), clearance_terms, approvals), on=["case_person", "matter"])
        .filter(pl.col("decided_by") == pl.col("reviewed_by"))
        .select("review_id", part=pl.lit("decided a clearance that it is about"))
    )
    tied = pl.concat([there.filter(lasting), back.filter(lasting)], how="diagonal").select(
        "review_id", part=pl.format("is tied to {}, a person of the case", "party")
    )
    parts = pl.concat([same, tied, deciders]).unique().sort("review_id", "part")
    return parts.group_by("review_id", maintain_order=True).agg(pl.col("part").str.join(" and "))


def _decided(cleared_trades: pl.DataFrame, terms: pl.DataFrame, approvals: pl.DataFrame) -> pl.DataFrame:
    """Who decided the clearances that findings of each matter name."""
    failing = [name for name in cleared_trades.columns if name.endswith("_clearance_id")]
    named = (
        pl.concat(
            [
                cleared_trades.select(case_person="person_id", matter="unit_root_id", clearance_id=pl.col(name).str.split(";"))
                for name in [*failing, "clearance_id"]
            ]
        )
        .explode("clearance_id")
        .drop_nulls()
        .unique()
    )
    of_trades = named.join(terms.select("clearance_id", "decided_by"), on="clearance_id").select("case_person", "matter", "decided_by")
    denials = (
        approvals.filter(pl.col("denied_clearance_id").is_not_null())
        .select(case_person="requester", matter="clearance_id", clearance_id=pl.concat_list("clearance_id", "denied_clearance_id"))
        .explode("clearance_id")
    )
    of_denials = denials.join(terms.select("clearance_id", "decided_by"), on="clearance_id").select("case_person", "matter", "decided_by")
    unsound = approvals.select(case_person="decided_by", matter="clearance_id", decided_by="decided_by").drop_nulls()
    return pl.concat([of_trades, of_denials, unsound]).drop_nulls().unique()
