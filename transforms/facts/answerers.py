"""Who answers for an account on a day: its holders, and the insiders around them."""

import polars as pl

from transforms.facts.standings import standing_on


def answerers(account_days: pl.DataFrame, accounts: pl.DataFrame, circles: pl.DataFrame, standings: pl.DataFrame, missing: frozenset[str]) -> pl.DataFrame:
    """One row an account, day and person: a holder (`own`), or one around a holder.

    `related`, `family`: whether by that circle (related is null where only an unknown birthday decides); `share`: how
    much is attributed under Section 16; `…_trader_id`: the holder, first by id, through whom; then a flag a standing.
    Without a table of relations one row more, whose person and flags are null: whoever may stand around a holder.
    """
    holders = accounts.select("account_id", "holder_id").unique()
    held = account_days.join(holders, on="account_id")
    own = held.select("account_id", "day", person_id="holder_id", own=pl.lit(value=True))
    tied = held.join(circles, left_on="holder_id", right_on="related_id").filter(
        (pl.col("from_on") <= pl.col("day")) & (pl.col("until_on").is_null() | (pl.col("day") <= pl.col("until_on")))
    )
    around = tied.group_by("account_id", "day", "person_id").agg(
        related_certain=((pl.col("circle") == "related") & pl.col("is_certain")).any(),
        related_possible=(pl.col("circle") == "related").any(),
        family=(pl.col("circle") == "family").any(),
        share=pl.col("share").max(),
        **{f"{circle}_trader_id": pl.col("holder_id").filter(pl.col("circle") == circle).min() for circle in ("related", "family", "attributed")},
    )
    both = own.join(around, on=["account_id", "day", "person_id"], how="full", coalesce=True)
    is_own = pl.col("own")
    said = (
        both.with_columns(pl.col("own", "related_certain", "related_possible", "family").fill_null(value=False))
        .with_columns(
            related=pl.when("related_certain").then(pl.lit(value=True)).when(~pl.col("related_possible")).then(pl.lit(value=False)),
            share=pl.when(is_own).then(pl.lit(1).cast(pl.Decimal(18, 6))).otherwise(pl.col("share").fill_null(0)),
            **{f"{circle}_trader_id": pl.when(~is_own).then(f"{circle}_trader_id") for circle in ("related", "family", "attributed")},
        )
        .drop("related_certain", "related_possible")
    )
    judged = standing_on(said, standings, "person_id", "day")
    if "relations" in missing:
        judged = pl.concat([judged, held.select("account_id", "day").unique()], how="diagonal")
    return judged.sort("account_id", "day", "person_id")
