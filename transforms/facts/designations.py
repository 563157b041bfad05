"""Spells during which a person is designated without a break."""

import polars as pl


def designations(standings: pl.DataFrame) -> pl.DataFrame:
    """One row a person and unbroken spell of designation, with its first day."""
    rows = (
        standings.filter(pl.col("standing") == "designated")
        .select("person_id", "from_on", until=pl.col("until_on").fill_null(pl.date(9999, 12, 30)))
        .sort("person_id", "from_on")
    )
    reach = pl.col("until").cum_max().shift(1).over("person_id") + pl.duration(days=1)
    spell = (pl.col("from_on") > reach).fill_null(value=True).cum_sum().over("person_id")
    return rows.with_columns(spell=spell).group_by("person_id", "spell").agg(designated_from_on=pl.col("from_on").min()).select(
        "person_id", "designated_from_on"
    ).sort("person_id", "designated_from_on")  # fmt: skip


def with_designation(frame: pl.DataFrame, designations: pl.DataFrame, day: str) -> pl.DataFrame:
    """A frame with person_id and a day, and the first day of the spell of designation that holds the day."""
    ordered = frame.with_row_index("_row").sort(day)
    spells = designations.select("person_id", "designated_from_on", _from="designated_from_on").sort("_from")
    joined = ordered.join_asof(spells, left_on=day, right_on="_from", by="person_id", strategy="backward", check_sortedness=False)
    return joined.sort("_row").drop("_row", "_from", strict=False)
