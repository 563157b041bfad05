"""Forms 5 on record, each with the fiscal year that it is about."""

import polars as pl

from transforms.calendar import BusinessDays
from transforms.deadlines import cut_off
from transforms.facts.dated_filings import FILED
from transforms.policy import Policy


def form5_duties(
    dated_filings: pl.DataFrame, form_lines: pl.DataFrame, answered_trades: pl.DataFrame, business_days: BusinessDays, policy: Policy
) -> pl.DataFrame:
    """One row a Form 5 or 5/A and owner.

    `fiscal_year_ended_on`: the end of the fiscal year that holds the period of the form, null where the form names none;
    `due_on`: 45 calendar days after it, moved to the next business day (17 CFR 240.16a-3(f); 240.0-3), `surely_due_on` with
    unverified closures counted. `trade_id`: the first trade that a line of the form reports.
    """
    forms = dated_filings.filter(pl.col("form").is_in(["5", "5/A"]))
    by_period = forms.filter(pl.col("period_on").is_not_null()).sort("period_on").join_asof(
        policy.fiscal_year_ends(), left_on="period_on", right_on="fiscal_year_ended_on", strategy="forward", coalesce=False
    )  # fmt: skip
    of_no_year = forms.filter(pl.col("period_on").is_null()).with_columns(fiscal_year_ended_on=pl.lit(None, dtype=pl.Date))
    year = pl.col("fiscal_year_ended_on")
    last = year + pl.duration(days=policy.parameter("section_16.form5_days").on(year))
    due = pl.concat([by_period, of_no_year]).with_columns(due_on=business_days.sooner.on_or_after(last), surely_due_on=business_days.later.on_or_after(last))
    counted = form_lines.group_by("accession").agg(lines=pl.len().cast(pl.Int64))
    told = due.join(_trades(form_lines, answered_trades), on="accession", how="left", maintain_order="left").join(
        counted, on="accession", how="left", maintain_order="left"
    )
    return told.select(
        "accession", "person_id", "form", "period_on", "fiscal_year_ended_on", "due_on", "surely_due_on", "trade_id", "symbol", "source_file", "source_line", *FILED,
        due_at=cut_off(pl.col("due_on"), policy), surely_due_at=cut_off(pl.col("surely_due_on"), policy), occurred_on=pl.coalesce("fiscal_year_ended_on", "filed_on"),
        is_original=pl.col("form") == "5", accepted_on="filed_on", lines=pl.col("lines").fill_null(0),
    ).sort("accession")  # fmt: skip


def _trades(lines: pl.DataFrame, trades: pl.DataFrame) -> pl.DataFrame:
    """The first trade of each form: one of the owner on the day and in the direction of a line."""
    moved = trades.select("person_id", "traded_on", "trade_id", "symbol", "sequence", acquired=pl.col("movement") >= 0)
    both = lines.select("accession", "person_id", "traded_on", "acquired").join(moved, on=["person_id", "traded_on", "acquired"])
    return both.sort("sequence").unique("accession", keep="first", maintain_order=True).select("accession", "trade_id", "symbol")
