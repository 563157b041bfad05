"""Findings beside those of the night before: new, open, changed or withdrawn. Nothing is ever deleted."""

from datetime import date

import polars as pl

SETTLED_EXTRA: dict[str, pl.DataType] = {
    "contested": pl.String(),
    "state": pl.String(),
    "first_seen_on": pl.Date(),
    "last_seen_on": pl.Date(),
    "changed_on": pl.Date(),
}
WHAT_COUNTS = ("outcome", "severity", "evidence", "trader_id")
"""A change in one of these changes a finding; its sentence and its reading keys may be worded anew."""


def settle(today: pl.DataFrame, before: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Today's findings (with `contested`) and those of the last night before, each with its state and days.

    A finding that no longer arises is withdrawn and stays. One that comes back is new again, first seen when it first was.
    """
    earlier = before.select("finding_id", *(pl.col(c).alias(f"_{c}") for c in (*WHAT_COUNTS, "state", "first_seen_on", "changed_on")))
    joined = today.join(earlier, on="finding_id", how="left")
    same = pl.all_horizontal([pl.col(c).eq_missing(pl.col(f"_{c}")) for c in WHAT_COUNTS])
    fresh = pl.col("_state").is_null() | (pl.col("_state") == "withdrawn")
    state = pl.when(fresh).then(pl.lit("new")).when(same).then(pl.lit("open")).otherwise(pl.lit("changed"))
    current = joined.with_columns(
        state=state,
        first_seen_on=pl.coalesce("_first_seen_on", pl.lit(as_of)),
        last_seen_on=pl.lit(as_of),
        changed_on=pl.when(state == "open").then("_changed_on").otherwise(pl.lit(as_of)),
    ).select([*today.columns, "state", "first_seen_on", "last_seen_on", "changed_on"])
    gone = before.join(today, on="finding_id", how="anti").with_columns(
        changed_on=pl.when(pl.col("state") == "withdrawn").then("changed_on").otherwise(pl.lit(as_of)), state=pl.lit("withdrawn")
    )  # fmt: skip
    withdrawn = gone.select(current.columns).cast(dict(current.schema))  # type: ignore[arg-type]  # polars types columns only
    return pl.concat([current, withdrawn]).sort("finding_id")
