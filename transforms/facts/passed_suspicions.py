"""Suspicions that supervisors pass on, with the days between."""

import polars as pl

from transforms.policy import Policy


def passed_suspicions(escalations: pl.DataFrame, people: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row an escalation: aware_on, reported_on, and `is_bound`, whether the reporter supervises the person (over the
    chain of supervisors) or the person has no supervisor on record. Source: policy X.C.
    """
    above = people.select(below="person_id", above="supervisor_id").drop_nulls()
    chain = above
    for _ in range(len(above)):
        wider = pl.concat([chain, chain.join(above, left_on="above", right_on="below", suffix="_next").select("below", above="above_next")]).unique()
        if len(wider) == len(chain):
            break
        chain = wider
    joined = escalations.join(chain.select(about_id="below", reported_by="above", supervises=pl.lit(value=True)), on=["about_id", "reported_by"], how="left")
    free = ~pl.col("about_id").is_in(above["below"].implode())
    bound = pl.lit(value=True) if policy.reads("escalation.scope", "everyone") else pl.col("supervises").fill_null(value=False) | free
    return joined.with_columns(
        is_bound=bound,
        answer=pl.when(pl.col("reported_at").is_null()).then(pl.lit("none")).otherwise(pl.lit("given")), aware_on=pl.col("aware_at").dt.date(), reported_on=pl.col("reported_at").dt.date(), person_id="reported_by", occurred_on=pl.col("aware_at").dt.date()
    ).sort("escalation_id")  # fmt: skip
