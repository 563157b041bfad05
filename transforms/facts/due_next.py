"""What falls due on the night and the five SEC business days after it."""

from datetime import date, timedelta

import polars as pl

from transforms.calendar import BusinessDays
from transforms.facts.form3_duties import beginnings
from transforms.policy import Policy

AHEAD = 5
"""SEC business days after the night."""
WHAT = {"person_id": pl.String, "due_on": pl.Date, "what": pl.String, "about": pl.String}


def due_next(
    form4_duties: pl.DataFrame, report_duties: pl.DataFrame, attestation_duties: pl.DataFrame, form3_duties: pl.DataFrame, standings: pl.DataFrame,
    business_days: BusinessDays, policy: Policy, as_of: date,
) -> pl.DataFrame:  # fmt: skip
    """One row a thing to do and person: a Form 3, 4 or 5, an internal report or an attestation that is not on record and whose
    last day is the night or one of the five SEC business days after it; `what` it is, `about` what, `due_on`. What is not known
    to be done, or to wait, is listed too.
    """
    trade = pl.format("{} of {} on {}", pl.col("kind").str.replace_all("_", " "), "symbol", pl.col("traded_on").cast(pl.String))
    unfiled = form4_duties.filter(pl.col("is_due").fill_null(value=True) & ~pl.col("is_reported").fill_null(value=False) & pl.col("person_id").is_not_null())
    fourth = unfiled.filter(~pl.col("is_deferred").fill_null(value=False)).select("person_id", "due_on", what=pl.lit("Form 4"), about=trade)
    fifth = _fifth(unfiled.filter(pl.col("is_deferred").fill_null(value=True)), business_days, policy)
    reports = report_duties.filter(pl.col("owes_report") & pl.col("reported_on").is_null()).select(
        "person_id", "due_on", what=pl.lit("Internal report"), about=trade
    )
    answers = attestation_duties.filter(pl.col("answered_on").is_null()).select(
        "person_id", "due_on", what=pl.lit("Attestation"), about=pl.format("quarter that ended on {}", pl.col("quarter_ended_on").cast(pl.String))
    )
    parts = [fourth, fifth, _third(standings, form3_duties, business_days, policy), reports, answers]
    both = pl.concat([pl.DataFrame(schema=WHAT), *(part.cast(WHAT) for part in parts)])  # type: ignore[arg-type]  # polars types columns only
    last = pl.select(business_days.later.after(pl.lit(as_of), AHEAD)).item() or as_of + timedelta(days=AHEAD)
    return both.filter(pl.col("due_on").is_between(as_of, last)).unique().sort("due_on", "person_id", "what", "about")


def _third(standings: pl.DataFrame, forms: pl.DataFrame, days: BusinessDays, policy: Policy) -> pl.DataFrame:
    """Section 16 persons without a Form 3 since they became one."""
    began = beginnings(standings).join(forms.select("person_id", began_on="became_on"), on=["person_id", "began_on"], how="anti")
    tenth = pl.col("began_on") + pl.duration(days=policy.parameter("section_16.form3_days").on(pl.col("began_on")))
    about = pl.format("subject to Section 16 from {}", pl.col("began_on").cast(pl.String))
    return began.select("person_id", due_on=days.sooner.on_or_after(tenth), what=pl.lit("Form 3"), about=about)


def _fifth(deferred: pl.DataFrame, days: BusinessDays, policy: Policy) -> pl.DataFrame:
    """Small purchases that wait for the Form 5 of their fiscal year."""
    end = pl.col("fiscal_year_ended_on")
    placed = deferred.sort("traded_on").join_asof(
        policy.fiscal_year_ends(), left_on="traded_on", right_on="fiscal_year_ended_on", strategy="forward", coalesce=False
    )
    due = end + pl.duration(days=policy.parameter("section_16.form5_days").on(end))
    about = pl.format("purchases of the fiscal year that ends on {}", end.cast(pl.String))
    return placed.select("person_id", due_on=days.sooner.on_or_after(due), what=pl.lit("Form 5"), about=about)
