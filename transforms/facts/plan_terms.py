"""Each Rule 10b5-1 plan with its approval, its certification and the plans beside it."""

import polars as pl

from transforms.calendar import months_later
from transforms.facts.standings import standing_on
from transforms.policy import Policy


def plan_terms(
    plans: pl.DataFrame,
    plan_changes: pl.DataFrame,
    plan_labels: pl.DataFrame,
    executions: pl.DataFrame,
    accounts: pl.DataFrame,
    standings: pl.DataFrame,
    policy: Policy,
    missing: frozenset[str],
) -> pl.DataFrame:
    """One row a plan; where no table of plans was given, one a plan that a trade names and holder. `approved_in_time`: by an approver in office, by the first trade (policy X.A), with a copy,
    else `lacking` says what is missing;
    `certified_where_due` (17 CFR 240.10b5-1(c)(1)(ii)(C)); `overlapped_plan_id`, `recent_single_plan_id`: the earlier
    plan beside it under (ii)(D) and (ii)(E), null without one. Null answers are not known.
    """
    if "plans" in missing:
        plans, plan_labels = _named_alone(plans, executions, accounts)
    first = plan_labels.group_by("plan_id").agg(first_traded_on=pl.col("traded_on").min())
    known = plans.join(first, on="plan_id", how="left")
    known = standing_on(known, standings, "approved_by", "approved_on", ("approver",))
    due_by = "adopted_on" if policy.reads("plan.approval_by", "adoption") else "first_traded_on"
    in_time = (pl.col("approved_on") <= pl.col(due_by)) | pl.col(due_by).is_null()
    lacking = (
        pl.when(pl.col("approved_on").is_null() | pl.col("approved_by").is_null()).then(pl.lit("approval"))
        .when(~in_time).then(pl.lit("time")).when(~pl.col("approver")).then(pl.lit("role")).otherwise(pl.lit("copy"))
    )  # fmt: skip
    approved = known.with_columns(
        lacking=lacking, approved_in_time=pl.col("approver") & in_time & pl.col("copy_received"), is_used=_used(executions, accounts, missing)
    )
    certified = _certified(approved, plan_changes, standings, policy).with_columns(
        is_certificate_due=_known(pl.col("certificate_due_on").is_not_null(), "plan_changes", missing)
    )
    return certified.join(_overlaps(plans, policy), on="plan_id", how="left").join(
        _singles(plans, policy), on="plan_id", how="left"
    ).sort("plan_id")  # fmt: skip


def _known(told: pl.Expr, table: str, missing: frozenset[str]) -> pl.Expr:
    """An answer that is not known where it is no and the table that could say yes was not given."""
    return pl.when(told | pl.lit(table not in missing)).then(told)


def _used(executions: pl.DataFrame, accounts: pl.DataFrame, missing: frozenset[str]) -> pl.Expr:
    """Whether a trade is labelled with the plan; not known where only accounts that nobody holds, or ties not given, could say so."""
    unheld = executions.join(accounts, on="account_id", how="anti")["plan_id"].drop_nulls().unique()
    named = executions["plan_id"].drop_nulls().unique() if "relations" in missing else unheld
    traded = pl.col("first_traded_on").is_not_null()
    return pl.when(traded | (pl.lit("trades" not in missing) & ~pl.col("plan_id").is_in(named.implode()))).then(traded)


def _named_alone(plans: pl.DataFrame, executions: pl.DataFrame, accounts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Plans of which only the trades tell, and those trades."""
    holders = accounts.select("account_id", person_id="holder_id").unique()
    labels = executions.filter(pl.col("plan_id").is_not_null()).join(holders, on="account_id")
    known = labels.sort("sequence").unique(["plan_id", "person_id"], keep="first", maintain_order=True)
    rows = known.select("plan_id", "person_id", "symbol", "source_file", "source_line", adopted_on="traded_on", occurred_on="traded_on")
    return pl.concat([plans, rows], how="diagonal_relaxed").select(*plans.columns, "occurred_on"), labels


def _certified(plans: pl.DataFrame, plan_changes: pl.DataFrame, standings: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Whether the representations were made, where an adoption or change since the amendment was an officer's."""
    changed = plan_changes.filter(pl.col("kind") != "termination").select("plan_id", day="changed_on")
    adopted = pl.concat([plans.select("plan_id", day="adopted_on"), changed]).join(plans.select("plan_id", "person_id"), on="plan_id")
    bound = standing_on(adopted.filter(pl.col("day") >= policy.day("rule_10b5_1.effective_on")), standings, "person_id", "day", ("in_office",))
    due = bound.filter("in_office").group_by("plan_id").agg(certificate_due_on=pl.col("day").min())
    return plans.join(due, on="plan_id", how="left").with_columns(
        certified_where_due=pl.when(pl.col("certificate_due_on").is_null()).then(pl.lit(value=True)).otherwise("certified")
    )


def _pairs(plans: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Each plan adopted under the amended rule with each earlier plan of the same person."""
    own = plans.select("plan_id", "person_id", "kind", "adopted_on", "first_trade_on", "ends_on", "terminated_on", "completed_on")
    both = own.join(own, on="person_id", suffix="_earlier").filter(
        (pl.col("adopted_on") >= policy.day("rule_10b5_1.effective_on"))
        & (
            (pl.col("adopted_on_earlier") < pl.col("adopted_on"))
            | ((pl.col("adopted_on_earlier") == pl.col("adopted_on")) & (pl.col("plan_id_earlier") < pl.col("plan_id")))
        )
    )
    return both.sort("plan_id", "adopted_on_earlier", "plan_id_earlier")


def _overlaps(plans: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    over = pl.min_horizontal("ends_on_earlier", "terminated_on_earlier", "completed_on_earlier")
    outstanding = over.is_null() | (pl.col("adopted_on") <= over)
    succeeding = (pl.col("first_trade_on") > pl.col("ends_on_earlier")).fill_null(value=False)
    covering = (pl.col("kind") == "sell_to_cover") | (pl.col("kind_earlier") == "sell_to_cover")
    found = _pairs(plans, policy).filter(outstanding & ~succeeding & ~covering)
    return found.group_by("plan_id").agg(overlapped_plan_id=pl.col("plan_id_earlier").first())


def _singles(plans: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    months = policy.parameter("rule_10b5_1.single_trade_months").on(pl.col("adopted_on"))
    again = months_later(pl.col("adopted_on_earlier"), months)
    inside = policy.reads("rule_10b5_1.single_trade_anniversary", "inside")
    soon = pl.col("adopted_on") <= again if inside else pl.col("adopted_on") < again
    single = (pl.col("kind") == "single_trade") & (pl.col("kind_earlier") == "single_trade")
    amended = pl.col("adopted_on_earlier") >= policy.day("rule_10b5_1.effective_on")
    found = _pairs(plans, policy).filter(single & soon & amended)
    return found.group_by("plan_id").agg(recent_single_plan_id=pl.col("plan_id_earlier").last())
