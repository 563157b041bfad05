"""A trade within the cooling-off of its plan."""

import polars as pl

from rules import TRADE, Limit, rule


@rule(
    over="plan_trades",
    severity="high",
    applies=pl.lit(value=True),
    evidence=("plan_id", "first_allowed_on"),
    needs=("plans", "plan_changes"),
    limits=(Limit("first day after the cooling-off", "first_allowed_on"),),
    because=f"{TRADE} under plan {{plan_id}}, adopted or changed on {{adoption_on}}; the first day allowed was {{first_allowed_on}}.",
    undecided=f"{TRADE} under plan {{plan_id}}, adopted or changed on {{adoption_on}}; when the quarterly report was filed is not on record, so the end of the cooling-off is not known",
)
def plan_cooling_off() -> pl.Expr:
    """A trade within the cooling-off of its plan.

    What counts: a trade before the first session after the cooling-off: for directors and executive officers the later of 90 days and two
    business days after the quarter's report, at most 120 days; 30 days for everyone else. A change starts it anew.
    Not seen: good faith in operating the plan.
    To review: 1. count the days from adoption or the last change; 2. check the filing date of the 10-Q or 10-K.
    """
    return ~pl.col("cooled_off")
