"""Each trade under a Rule 10b5-1 plan, held against the plan's own terms and the rule's conditions."""

import polars as pl

from transforms.facts.footings import on_todays_footing
from transforms.policy import Policy


def plan_trades(
    plan_labels: pl.DataFrame,
    plan_terms: pl.DataFrame,
    plan_changes: pl.DataFrame,
    cooling_offs: pl.DataFrame,
    footings: pl.DataFrame,
    policy: Policy,
    missing: frozenset[str],
) -> pl.DataFrame:
    """One row a trade under a plan that applies. `fields` names the terms it departs from (dates, price, quantity,
    terminated), `keeps_terms` is null where a price is not known; `is_sound` is true where nothing stands against the
    plan (policy IX.3, X.A; 17 CFR 240.10b5-1(c)(1)), null where that is not known.
    """
    terms = plan_terms.select("plan_id", "approved_in_time", "certified_where_due", "overlapped_plan_id", "recent_single_plan_id")
    judged = plan_labels.join(terms, on="plan_id", how="left").join(cooling_offs, on=["plan_id", "adoption_on"], how="left")
    in_force = _in_force(_in_force(_in_force(judged, plan_changes, "max_per_day"), plan_changes, "limit_price"), plan_changes, "ends_on")
    on_basis = _per_unit_of_the_day(in_force, footings)
    ended = plan_changes.filter(pl.col("kind") == "termination").group_by("plan_id").agg(ended_on=pl.col("changed_on").min())
    tested = on_basis.join(ended, on="plan_id", how="left").with_columns(**_departures("corporate_actions" in missing))
    flags = ["dates", "price_off", "quantity_off", "terminated"]
    unchanged = pl.lit(None if "plan_changes" in missing else False, dtype=pl.Boolean)
    said = tested.with_columns(
        fields=pl.concat_list([pl.when(flag).then(pl.lit(flag.removesuffix("_off"))) for flag in flags]).list.drop_nulls(),
        keeps_terms=~pl.any_horizontal(*flags, unchanged),
        cooled_off=pl.when(unchanged.is_not_null()).then(_cooled_off()),
    )
    sound = pl.all_horizontal(
        "approved_in_time", "keeps_terms", "cooled_off", "certified_where_due",
        pl.col("overlapped_plan_id").is_null(), pl.col("recent_single_plan_id").is_null(),
    )  # fmt: skip
    return said.with_columns(is_sound=pl.lit(value=True) if policy.reads("plan.defect", "defect_only") else sound, occurred_on="traded_on").sort("sequence")


def _in_force(trades: pl.DataFrame, changes: pl.DataFrame, term: str) -> pl.DataFrame:
    """The term as last changed by the trade's day, and the day from which it holds."""
    changed = changes.filter(pl.col(term).is_not_null()).select("plan_id", _on="changed_on", _new=term, _set="changed_on").sort("_on")
    joined = trades.sort("traded_on").join_asof(changed, left_on="traded_on", right_on="_on", by="plan_id", strategy="backward", check_sortedness=False)
    return joined.with_columns(pl.coalesce("_new", term).alias(term), pl.coalesce("_set", "adopted_on").alias(f"{term}_set_on")).drop("_on", "_new", "_set")


def _per_unit_of_the_day(trades: pl.DataFrame, footings: pl.DataFrame) -> pl.DataFrame:
    """Amount and limit of the plan on the split basis of the trade's day."""
    amount = on_todays_footing(trades, footings, "max_per_day_set_on", "_amount_factor")
    both = on_todays_footing(amount, footings, "limit_price_set_on", "_limit_factor")
    return both.with_columns(
        allowed_today=pl.col("max_per_day") * pl.col("_amount_factor"),
        planned_today=pl.col("planned_on_day") * pl.col("factor"),
        limit_today=pl.col("limit_price") * pl.col("factor"),
        price_today=pl.col("price") * pl.col("_limit_factor"),
    )


def _departures(splits_unknown: bool) -> dict[str, pl.Expr]:  # noqa: FBT001 - one fact about the data
    day = pl.col("traded_on")

    def known(condition: pl.Expr) -> pl.Expr:
        return condition.fill_null(value=False)

    def comparable(condition: pl.Expr, term: str) -> pl.Expr:
        return pl.when(pl.col(term).is_null()).then(pl.lit(value=False)).otherwise(pl.lit(None, dtype=pl.Boolean) if splits_unknown else condition)

    worse = pl.when(pl.col("side") == "sell").then(pl.col("price_today") < pl.col("limit_today")).otherwise(pl.col("price_today") > pl.col("limit_today"))
    return {
        "dates": known(day < pl.col("first_trade_on")) | known(day > pl.col("ends_on")) | known(day > pl.col("completed_on")),
        "price_off": comparable(worse, "limit_price"),
        "quantity_off": comparable(known(pl.col("planned_today") > pl.col("allowed_today")), "max_per_day"),
        "terminated": known(day > pl.col("terminated_on")) | known(day > pl.col("ended_on")),
    }


def _cooled_off() -> pl.Expr:
    """True from the first allowed day, null while that day is not known for sure."""
    day = pl.col("traded_on")
    return (
        pl.when(pl.col("surely_allowed_on").is_null() | (day >= pl.col("surely_allowed_on"))).then(pl.lit(value=True))
        .when(day < pl.col("first_allowed_on")).then(pl.lit(value=False))
    )  # fmt: skip
