"""Fiscal quarters: each end with the one before and after."""

import polars as pl

from transforms.calendar import AROUND
from transforms.policy import Policy


def quarters(policy: Policy) -> pl.DataFrame:
    """One row a fiscal quarter end within the calendars' reach: quarter_ended_on, next_ends_on, starts_on."""
    ends = policy.quarter_ends(*AROUND)
    return pl.DataFrame({"quarter_ended_on": ends}, schema={"quarter_ended_on": pl.Date}).with_columns(
        next_ends_on=pl.col("quarter_ended_on").shift(-1),
        starts_on=pl.col("quarter_ended_on").shift(1) + pl.duration(days=1),
    )
