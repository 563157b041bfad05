"""Every transaction that is due on a Form 4, four ways: on a statement, cleared, reported to the company, filed on EDGAR."""

from datetime import date
from typing import Any

import polars as pl

KEY = ["trade_id", "person_id"]
LEGS = ("broker", "clearance", "report", "edgar")
STATES = ("there", "explained", "absent", "open")
"""Of a leg: on record; not on record, with the reason; not on record; not known."""
DEALT = ("P", "S")
WITH_THE_COMPANY = {"vesting": "vesting", "tax_withholding": "shares withheld for taxes", "uncleared_option_exercise": "an exercise of granted options", "stock_in_lieu": "the stock-in-lieu plan",
                    "automatic_purchase": "an automatic purchase", "gift": "a gift", "uncleared_issuer_dealing": "a dealing with the company", "plan_10b5_1": "a sound Rule 10b5-1 plan"}  # fmt: skip
"""Exemptions from clearance, in words."""


def four_ways(
    form4_duties: pl.DataFrame, clearable_trades: pl.DataFrame, clearance_draws: pl.DataFrame, report_duties: pl.DataFrame, unexplained_lines: pl.DataFrame,
    missing: frozenset[str], as_of: date,
) -> pl.DataFrame:  # fmt: skip
    """One row a transaction due on Form 4 and person, and one a form with a line that no statement shows.

    Of each leg (broker, clearance, report, edgar) its state and `…_said`, where it is or why it is not. A leg that is absent is
    what a rule or a blind spot tells of.
    """
    due = form4_duties.filter(pl.col("is_due").fill_null(value=True) & pl.col("person_id").is_not_null())
    drawn = clearance_draws.filter(pl.col("drawn_today") > 0).group_by(KEY).agg(cleared_by=pl.col("clearance_id").unique().sort().str.join(", "))
    cleared = clearable_trades.select(*KEY, "needs_clearance", "is_dealing", **{f"exempt_{name}": f"exempt_{name}" for name in WITH_THE_COMPANY})
    reported = report_duties.select(*KEY, "owes_report", told_on="reported_on")
    lines = unexplained_lines.group_by("accession", "person_id").agg(line_is_reported=(pl.col("is_reported") | ~pl.col("sec_code").is_in([*DEALT, "G"])).all())
    joined = due.join(drawn, on=KEY, how="left", maintain_order="left").join(cleared, on=KEY, how="left", maintain_order="left").join(
        reported, on=KEY, how="left", maintain_order="left"
    ).join(lines, on=["accession", "person_id"], how="left", maintain_order="left")  # fmt: skip
    said = {
        f"{leg}_said": each
        for leg, each in (("broker", _broker()), ("clearance", _clearance(missing)), ("report", _report(missing)), ("edgar", _edgar(as_of, missing)))
    }
    told = joined.select(
        "person_id", "trader_id", "root_id", "trade_id", "accession", "kind", "symbol", "quantity", "traded_on", **said,
        subject=pl.coalesce("unit_root_id", "root_id"),
    )  # fmt: skip
    split = {leg: pl.col(f"{leg}_said").str.splitn(": ", 2) for leg in LEGS}
    parted = {
        name: column for leg, each in split.items() for name, column in ((leg, each.struct.field("field_0")), (f"{leg}_said", each.struct.field("field_1")))
    }
    return told.with_columns(**parted).sort("traded_on", "person_id", "root_id", descending=[True, False, False])


def _broker() -> pl.Expr:
    traded = pl.col("trade_id").is_not_null()
    dealt = pl.col("kind").str.ends_with(" P") | pl.col("kind").str.ends_with(" S")
    return (
        pl.when(traded).then(pl.format("there: {}, line {}", "source_file", "source_line"))
        .when(pl.col("contradiction").is_not_null()).then(pl.lit("open: the line contradicts itself"))
        .when(dealt).then(pl.lit("absent: no account on the roster shows it"))
        .otherwise(pl.lit("explained: no account on the roster shows it; a code like this need not pass a broker"))
    )  # fmt: skip


def _clearance(missing: frozenset[str]) -> pl.Expr:
    said: Any = pl.when(pl.col("trade_id").is_null()).then(pl.lit("open: no trade on record to hold against the log"))
    said = said.when(pl.col("cleared_by").is_not_null()).then(pl.format("there: {}", "cleared_by"))
    for name, words in WITH_THE_COMPANY.items():
        said = said.when(f"exempt_{name}").then(pl.lit(f"explained: none is needed for {words}"))
    said = said.when(~pl.col("needs_clearance")).then(pl.lit("explained: none is needed for this kind, person or account"))
    if "clearances" in missing:
        unlogged: pl.Expr = said.otherwise(pl.lit("open: no log of clearances was given"))
        return unlogged
    told: pl.Expr = (
        said.when(pl.col("needs_clearance")).then(pl.lit("absent: none on record fits")).otherwise(pl.lit("open: whether one is needed is not known"))
    )
    return told


def _report(missing: frozenset[str]) -> pl.Expr:
    said: Any = pl.when(pl.col("told_on").is_not_null()).then(pl.format("there: {}", pl.col("told_on").cast(pl.String)))
    alone = pl.col("trade_id").is_null()
    said = said.when(alone & pl.col("line_is_reported")).then(pl.lit("explained: one is on record for the day, or none is owed"))
    said = (
        said.when(alone)
        .then(pl.lit("open: no trade on record to hold against the reports"))
        .when(~pl.col("owes_report"))
        .then(pl.lit("explained: none is owed for this kind or account"))
    )
    told: pl.Expr = said.otherwise(pl.lit("open: no table of reports was given" if "reports" in missing else "absent: none on record"))
    return told


def _edgar(as_of: date, missing: frozenset[str]) -> pl.Expr:
    if missing.intersection(("filings", "filing_lines")):
        return pl.lit("open: no table of filings was given")
    accepted = pl.coalesce("accepted_said", pl.lit("at a time not on record"))
    return (
        pl.when("is_reported").then(pl.format("there: {}, {}", "accession", accepted))
        .when("is_deferred").then(pl.lit("explained: a small purchase, which may wait for Form 5"))
        .when(pl.col("is_reported").is_null() | pl.col("is_deferred").is_null()).then(pl.lit("open: what is on record leaves this open"))
        .when(pl.col("surely_due_on") >= as_of).then(pl.format("explained: due by {}", pl.col("due_on").cast(pl.String)))
        .otherwise(pl.lit("absent: no line on record"))
    )  # fmt: skip
