"""Trades that no internal report completes, once their day has passed."""

from datetime import date

import polars as pl


def unreported_trades(report_duties: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row a trade and person who owes a report that was due before the as-of date and is not on record. Policy X.B."""
    return report_duties.filter(
        pl.col("owes_report") & pl.col("person_id").is_not_null() & pl.col("reported_at").is_null() & (pl.col("due_on") < as_of)
    )  # fmt: skip
