"""Attestations with the day on which each was due."""

import polars as pl

from transforms.policy import Policy


def attestation_duties(attestations: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row an attestation: `due_on` (company practice), `answered_on` the day of the first answer, null = not answered by the night."""
    due = pl.col("quarter_ended_on") + pl.duration(days=policy.parameter("attestation.due_days").on(pl.col("quarter_ended_on")))
    return attestations.with_columns(
        due_on=due, answered_on=pl.coalesce("first_answered_at", "answered_at").dt.date(), occurred_on="quarter_ended_on",
        answer=pl.when(pl.col("answered_at").is_null()).then(pl.lit("none")).otherwise(pl.lit("given")), quarter=pl.col("quarter_ended_on").cast(pl.String),
    ).sort("person_id", "quarter_ended_on")  # fmt: skip
