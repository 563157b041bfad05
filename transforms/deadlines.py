"""EDGAR's clock: until when on a day a form counts as accepted on that day."""

import polars as pl

from transforms.policy import Policy
from transforms.tables import TIME_ZONE


def cut_off(day: pl.Expr, policy: Policy) -> pl.Expr:
    """The last instant at which a Form 3, 4, 5 or 144 is accepted on a day, 22:00 New York (17 CFR 232.13(a)(4))."""
    return day.dt.combine(policy.clock("section_16.accepted_until")).dt.replace_time_zone(TIME_ZONE)
