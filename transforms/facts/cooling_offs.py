"""The cooling-off of each adoption of a Rule 10b5-1 plan."""

import polars as pl

from transforms.calendar import BusinessDays, Days, Sessions
from transforms.facts.standings import standing_on
from transforms.policy import Policy


def cooling_offs(
    plan_labels: pl.DataFrame, plans: pl.DataFrame, periodic_filings: pl.DataFrame, quarters: pl.DataFrame,
    standings: pl.DataFrame, sessions: Sessions, business_days: BusinessDays, policy: Policy, missing: frozenset[str],
) -> pl.DataFrame:  # fmt: skip
    """One row a plan and adoption that a trade relies on: `first_allowed_on`, the first session after the cooling-off,
    and `surely_allowed_on`, which is later where a report or a business day is not known. Both null where the
    amended rule does not hold yet. Source: 17 CFR 240.10b5-1(c)(1)(ii)(B); C&DI 120.29.
    """
    adopted = plan_labels.select("plan_id", "person_id", "adoption_on").unique()
    since = _counted_from(adopted, plans)
    placed = standing_on(since, standings, "person_id", "adoption_on", ("in_office",))
    filed = periodic_filings.select(
        "quarter_ended_on", sooner=_report_day(business_days.sooner, policy), later=_report_day(business_days.later, policy)
    ).group_by("quarter_ended_on").agg(pl.col("sooner").min(), pl.col("later").min())  # fmt: skip
    held = placed.sort("adoption_on").join_asof(
        quarters.select("quarter_ended_on").sort("quarter_ended_on"), left_on="adoption_on", right_on="quarter_ended_on",
        strategy="forward", check_sortedness=False,
    ).join(filed, on="quarter_ended_on", how="left")  # fmt: skip
    unknown = "periodic_filings" in missing
    return held.select(
        "plan_id", "adoption_on",
        first_allowed_on=_first_session(_last_day("sooner", policy, at_least=unknown), sessions, policy),
        surely_allowed_on=_first_session(_last_day("later", policy, at_least=False), sessions, policy),
    )  # fmt: skip


def _counted_from(adopted: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """A plan that was to follow one since terminated early counts from that termination (ii)(D)(2)."""
    ended = plans.filter(pl.col("terminated_on") < pl.col("ends_on")).select(
        "person_id", earlier_ends_on="ends_on", ended_on="terminated_on", earlier="plan_id"
    )
    starting = plans.select("plan_id", "first_trade_on", "adopted_on")
    late = (
        adopted.join(starting, on="plan_id")
        .join(ended, on="person_id")
        .filter(
            (pl.col("earlier") != pl.col("plan_id")) & (pl.col("first_trade_on") > pl.col("earlier_ends_on")) & (pl.col("ended_on") >= pl.col("adoption_on"))
        )
    )
    last = late.group_by("plan_id", "adoption_on").agg(pl.col("ended_on").max())
    joined = adopted.join(last, on=["plan_id", "adoption_on"], how="left")
    return joined.with_columns(counted_from=pl.coalesce("ended_on", "adoption_on"))


def _report_day(days: Days, policy: Policy) -> pl.Expr:
    """The second business day after the filing date; accepted after 17:30:00 or on no business day = filed the next."""
    on, clock = pl.col("accepted_at").dt.date(), pl.col("accepted_at").dt.time()
    in_time = clock <= policy.clock("rule_10b5_1.filed_until")
    filed_on = pl.when(in_time).then(days.on_or_after(on)).otherwise(days.after(on))
    count = policy.parameter("rule_10b5_1.officer_report_days").on(on)
    return days.after(filed_on, count)


def _last_day(report: str, policy: Policy, *, at_least: bool) -> pl.Expr:
    """Last day of the cooling-off, null where the adoption is older than the amended rule."""
    start = pl.col("counted_from")

    def after(name: str) -> pl.Expr:
        return start + pl.duration(days=policy.parameter(f"rule_10b5_1.{name}").on(start))

    longest = after("officer_days") if at_least else after("officer_max_days")
    officer = pl.min_horizontal(pl.max_horizontal(after("officer_days"), pl.coalesce(report, longest)), after("officer_max_days"))
    under_rule = pl.col("adoption_on") >= policy.day("rule_10b5_1.effective_on")
    return pl.when(under_rule).then(pl.when("in_office").then(officer).otherwise(after("other_days")))


def _first_session(last_day: pl.Expr, sessions: Sessions, policy: Policy) -> pl.Expr:
    if policy.reads("rule_10b5_1.cooling_last_day", "outside"):
        return sessions.every.on_or_after(last_day)
    return sessions.every.after(last_day)
