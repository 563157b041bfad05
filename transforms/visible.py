"""What a run sees: rows whose own date is not after the as-of date."""

from datetime import date

import polars as pl

from transforms.tables import TABLES

LATER_NEWS = {
    "clearances": ["revoked_at"],
    "attestations": ["answered_at", "first_answered_at"],
    "escalations": ["reported_at"],
    "plan_changes": ["reported_on"],
}
"""Cells that tell of a later day than their row; emptied while that day has not come."""


def visible(tables: dict[str, pl.DataFrame], as_of: date) -> dict[str, pl.DataFrame]:
    """Every table as it could be known at the end of the as-of date, New York."""
    seen = {name: _seen(frame, name, as_of) for name, frame in tables.items()}
    if "filing_lines" in seen and "filings" in seen:
        seen["filing_lines"] = seen["filing_lines"].join(seen["filings"].select("accession"), on="accession", how="semi")
    return seen


def _seen(frame: pl.DataFrame, name: str, as_of: date) -> pl.DataFrame:
    def day(column: str) -> pl.Expr:
        return pl.col(column).dt.date() if isinstance(frame.schema[column], pl.Datetime) else pl.col(column)

    kept = frame
    for column in [TABLES[name].seen_on, "reported_on" if name == "trades" else ""]:
        if column:
            kept = kept.filter(day(column).is_null() | (day(column) <= as_of))
    if name == "filings":
        kept = kept.filter(pl.col("accepted_at").is_not_null() | pl.col("period_on").is_null() | (pl.col("period_on") <= as_of))
    if name == "attestations":
        kept = kept.filter(pl.col("quarter_ended_on") <= as_of)
    later = [pl.when(day(column) <= as_of).then(pl.col(column)).alias(column) for column in LATER_NEWS.get(name, [])]
    return kept.with_columns(later)
