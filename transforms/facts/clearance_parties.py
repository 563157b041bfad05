"""Who asked for each clearance, and whom it covers."""

import polars as pl


def clearance_parties(clearances: pl.DataFrame) -> pl.DataFrame:
    """One row a clearance and `party`: everyone whom it covers, and whoever asked for it."""
    covered = clearances.select("clearance_id", party=pl.coalesce("covers", "person_id").str.split(";")).explode("party")
    asking = clearances.select("clearance_id", party="person_id")
    return pl.concat([covered.with_columns(pl.col("party").str.strip_chars()), asking]).unique()
