"""Late filers by fiscal year, as Item 405 of Regulation S-K asks of the proxy statement."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from transforms.policy import Policy

RULES = ("form3_late", "form4_late", "form5_late", "form4_missing")
"""The rules whose flagged rows are counted."""
LATE_FILERS: dict[str, pl.DataType] = {
    "fiscal_year_ended_on": pl.Date(), "person_id": pl.String(), "late_reports": pl.Int64(), "late_transactions": pl.Int64(), "known_failures": pl.Int64(),
}  # fmt: skip
ROW = {"person_id": pl.String(), "due_on": pl.Date(), "accession": pl.String(), "transactions": pl.Int64(), "failures": pl.Int64()}


def late_filers(flagged: Mapping[str, pl.DataFrame], policy: Policy) -> pl.DataFrame:
    """One row a fiscal year and person, the latest year first: how many forms were late, how many transactions were on them that
    had been due, and how many transactions are due and on no form on record. A report falls into the year in which it was due.
    Source: 17 CFR 229.405(a).
    """
    told = {rule: frame for rule, frame in flagged.items() if rule in RULES}
    if "form5_late" in told:
        told["form5_late"] = _less(told["form5_late"], told.get("form4_late"))
    rows = pl.concat([pl.DataFrame(schema=ROW), *(_counted(rule, frame) for rule, frame in told.items())])
    dated = rows.sort("due_on").join_asof(_years(policy), left_on="due_on", right_on="fiscal_year_ended_on", strategy="forward", coalesce=False)
    grouped = dated.group_by("fiscal_year_ended_on", "person_id").agg(
        late_reports=pl.col("accession").drop_nulls().n_unique(), late_transactions=pl.col("transactions").sum(), known_failures=pl.col("failures").sum()
    )
    return grouped.cast(LATE_FILERS).select(*LATE_FILERS).sort("fiscal_year_ended_on", "person_id", descending=[True, False])  # type: ignore[arg-type]  # polars types columns only


def _counted(rule: str, flagged: pl.DataFrame) -> pl.DataFrame:
    transactions = {"form4_late": "lines_after_due", "form5_late": "lines"}.get(rule)
    is_failure = rule == "form4_missing"
    return flagged.select(
        "person_id", "due_on", accession=pl.lit(None, dtype=pl.String) if is_failure else pl.col("accession"),
        transactions=pl.col(transactions) if transactions else pl.lit(0), failures=pl.lit(int(is_failure)),
    ).cast(ROW)  # type: ignore[arg-type]  # fmt: skip  # polars types columns only


def _less(fifth: pl.DataFrame, fourth: pl.DataFrame | None) -> pl.DataFrame:
    """Forms 5 without the lines that were due on a Form 4 and are counted there."""
    if fourth is None:
        return fifth
    there = fourth.group_by("accession").agg(_there=pl.col("lines_after_due").sum())
    return fifth.join(there, on="accession", how="left").with_columns(lines=pl.col("lines") - pl.col("_there").fill_null(0))


def _years(policy: Policy) -> pl.DataFrame:
    ends = [end for end in policy.quarter_ends(date(2017, 1, 1), date(2028, 12, 31)) if policy.fiscal_year_end(end)]
    return pl.DataFrame({"fiscal_year_ended_on": ends}, schema={"fiscal_year_ended_on": pl.Date})
