"""Plans with the changes of which a Compliance Officer was not told."""

import polars as pl

from transforms.policy import Policy


def changed_plans(plans: pl.DataFrame, plan_changes: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a plan with a change: `untold_on`, the earliest change without a report (policy X.A), null without one."""
    reported = pl.col("reported_on").is_not_null()
    if policy.reads("plan.change_notice", "by_change"):
        reported = reported & (pl.col("reported_on") <= pl.col("changed_on"))
    changed = plan_changes.group_by("plan_id").agg(
        untold_on=pl.col("changed_on").filter(~reported).min(), changed_on=pl.col("changed_on").min(), source_file=pl.col("source_file").first(), source_line=pl.col("source_line").min()
    )  # fmt: skip
    joined = plans.select("plan_id", "person_id", "symbol").join(changed, on="plan_id")
    return joined.with_columns(occurred_on=pl.coalesce("untold_on", "changed_on")).sort("plan_id")
