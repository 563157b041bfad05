"""Late filers by fiscal year, as Item 405 of Regulation S-K asks of the proxy statement."""

from collections.abc import Mapping

import polars as pl

from transforms.policy import Policy

FACTS = ("form3_duties", "form4_duties", "form5_duties")
"""The facts whose flagged rows are counted, by form."""
LATE_FILERS: dict[str, pl.DataType] = {
    "fiscal_year_ended_on": pl.Date(), "person_id": pl.String(), "late_reports": pl.Int64(), "late_transactions": pl.Int64(), "known_failures": pl.Int64(),
}  # fmt: skip
ROW = {"person_id": pl.String(), "due_on": pl.Date(), "accession": pl.String(), "transactions": pl.Int64(), "failures": pl.Int64()}


def late_filers(flagged: Mapping[str, pl.DataFrame], policy: Policy) -> pl.DataFrame:
    """One row a fiscal year and person, the latest year first: how many forms were late, how many transactions were on them that
    had been due, and how many transactions are due and on no form on record. A report falls into the year in which it was due.
    `flagged`: by fact, the rows that a rule flags. Source: 17 CFR 229.405(a).
    """
    third, fourth, fifth = (flagged.get(name) for name in FACTS)
    rows = [pl.DataFrame(schema=ROW)]
    if third is not None:
        rows.append(_late(third, pl.lit(0)))
    if fourth is not None:
        rows += [_late(fourth.filter("is_reported"), pl.col("lines_after_due")), _failures(fourth.filter(~pl.col("is_reported")))]
    if fifth is not None:
        rows.append(_late(_less(fifth, fourth), pl.col("lines")))
    dated = (
        pl.concat(rows)
        .sort("due_on")
        .join_asof(policy.fiscal_year_ends(), left_on="due_on", right_on="fiscal_year_ended_on", strategy="forward", coalesce=False)
    )
    grouped = dated.group_by("fiscal_year_ended_on", "person_id").agg(
        late_reports=pl.col("accession").drop_nulls().n_unique(), late_transactions=pl.col("transactions").sum(), known_failures=pl.col("failures").sum()
    )
    return grouped.cast(LATE_FILERS).select(*LATE_FILERS).sort("fiscal_year_ended_on", "person_id", descending=[True, False])  # type: ignore[arg-type]  # polars types columns only


def _late(rows: pl.DataFrame, transactions: pl.Expr) -> pl.DataFrame:
    return rows.select("person_id", "due_on", "accession", transactions=transactions, failures=pl.lit(0)).cast(ROW)  # type: ignore[arg-type]  # polars types columns only


def _failures(rows: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.String)
    return rows.select("person_id", "due_on", accession=nothing, transactions=pl.lit(0), failures=pl.lit(1)).cast(ROW)  # type: ignore[arg-type]  # polars types columns only


def _less(fifth: pl.DataFrame, fourth: pl.DataFrame | None) -> pl.DataFrame:
    """Forms 5 without the lines that were due on a Form 4 and are counted there."""
    if fourth is None:
        return fifth
    there = fourth.filter("is_reported").group_by("accession").agg(_there=pl.col("lines_after_due").sum())
    return fifth.join(there, on="accession", how="left").with_columns(lines=pl.col("lines") - pl.col("_there").fill_null(0))
