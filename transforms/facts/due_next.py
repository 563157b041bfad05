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
    business_days: BusinessDays, policy: Policy, as_of: date, missing: frozenset[str],
) -> pl.DataFrame:  # fmt: skip
    """One row a thing to do and person: a Form 3, 4 or 5, an internal report or an attestation that is not on record and whose
    last day is the night or one of the five SEC business days after it; `what` it is, `about` what, `due_on`.
    """
    trade = pl.format("{} of {} on {}", pl.col("kind").str.replace_all("_", " "), "symbol", pl.col("traded_on").cast(pl.String))
    open_forms = (
        form4_duties.filter(pl.col("is_due") & ~pl.col("is_reported")) if not missing.intersection(("filings", "filing_lines")) else form4_duties.clear()
    )
    fourth = open_forms.filter(~pl.col("is_deferred")).select("person_id", "due_on", what=pl.lit("Form 4"), about=trade)
    reports = report_duties.filter(pl.col("owes_report") & pl.col("reported_on").is_null()).select(
        "person_id", "due_on", what=pl.lit("Internal report"), about=trade
    )
    answers = attestation_duties.filter(pl.col("answered_on").is_null()).select(
        "person_id", "due_on", what=pl.lit("Attestation"), about=pl.format("quarter that ended on {}", pl.col("quarter_ended_on").cast(pl.String))
    )
    parts = [fourth, _fifth(open_forms.filter("is_deferred"), business_days, policy), _third(standings, form3_duties, business_days, policy), reports, answers]
    both = pl.concat([pl.DataFrame(schema=WHAT), *(part.cast(WHAT) for part in parts if "reports" not in missing or part is not reports)])  # type: ignore[arg-type]  # polars types columns only
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
    years = [end for end in policy.quarter_ends(date(2017, 1, 1), date(2028, 12, 31)) if policy.fiscal_year_end(end)]
    ends = pl.DataFrame({"year_ended_on": years}, schema={"year_ended_on": pl.Date})
    placed = deferred.sort("traded_on").join_asof(ends, left_on="traded_on", right_on="year_ended_on", strategy="forward", coalesce=False)
    due = pl.col("year_ended_on") + pl.duration(days=policy.parameter("section_16.form5_days").on(pl.col("year_ended_on")))
    about = pl.format("purchases of the fiscal year that ends on {}", pl.col("year_ended_on").cast(pl.String))
    return placed.select("person_id", due_on=days.sooner.on_or_after(due), what=pl.lit("Form 5"), about=about)
