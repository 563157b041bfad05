"""Clearance requested late."""

import polars as pl

from rules import TRADE, rule
from transforms.policy import Policy


def _severity(policy: Policy) -> pl.Expr:
    return pl.lit(policy.reading("clearance.lead_time"))


@rule(
    over="clearance_uses",
    severity=_severity,
    applies=pl.col("asked"),
    evidence={"clearance_id": "sooner_clearance_id", "earliest_on": "earliest_on"},
    needs=("clearances",),
    severities=("info", "medium"),
    because=f"{TRADE}; clearance {{sooner_clearance_id}} was requested at such a time that {{earliest_on}} was the first day after the lead time of the policy.",
    undecided=f"{TRADE}; when clearance was requested is not known",
)
def clearance_lead_time() -> pl.Expr:
    """Clearance requested late.

    What counts: the order drew on a clearance that was requested less than the policy's lead time before the trade. The policy says
    "should", and an approval given earlier is read as an implied waiver, so this is for review only.
    Not seen: requests that were made orally and not logged.
    To review: 1. see when the request reached the officer; 2. note whether the officer waived the lead time.
    """
    return pl.col("sooner_clearance_id").is_not_null()
