"""Every transaction that is due on a Form 4, four ways: on a statement, cleared, reported to the company, filed on EDGAR."""

from datetime import date

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
    ids = pl.col("clearance_id").unique().sort().str.join(", ")
    drawn = clearance_draws.filter(pl.col("drawn_today") > 0).group_by(KEY).agg(cleared_by=ids, is_valid=pl.col("is_valid").all())
    cleared = clearable_trades.select(*KEY, "needs_clearance", *(f"exempt_{name}" for name in WITH_THE_COMPANY))
    reported = report_duties.select(*KEY, "owes_report", told_on="reported_on")
    lines = unexplained_lines.group_by("accession", "person_id").agg(line_is_reported=(pl.col("is_reported") | ~pl.col("sec_code").is_in([*DEALT, "G"])).all())
    joined = due
    for other, on in ((drawn, KEY), (cleared, KEY), (reported, KEY), (lines, ["accession", "person_id"])):
        joined = joined.join(other, on=on, how="left", maintain_order="left")
    legs = {"broker": _broker(), "clearance": _clearance(missing), "report": _report(missing), "edgar": _edgar(as_of, missing)}
    told = joined.select(
        "person_id", "trader_id", "root_id", "trade_id", "accession", "kind", "symbol", "quantity", "traded_on", **legs,
        subject=pl.coalesce("unit_root_id", "root_id"),
    )  # fmt: skip
    apart = [pl.col(leg).struct.field(part).alias(name) for leg in LEGS for part, name in (("state", leg), ("said", f"{leg}_said"))]
    return told.with_columns(apart).sort("traded_on", "person_id", "root_id", descending=[True, False, False])


def _leg(state: str, said: pl.Expr | str) -> pl.Expr:
    return pl.struct(state=pl.lit(state), said=pl.lit(said) if isinstance(said, str) else said)


def _broker() -> pl.Expr:
    dealt = pl.col("kind").str.ends_with(" P") | pl.col("kind").str.ends_with(" S")
    return (
        pl.when(pl.col("trade_id").is_not_null()).then(_leg("there", pl.format("{}, line {}", "source_file", "source_line")))
        .when(pl.col("contradiction").is_not_null()).then(_leg("open", "the line contradicts itself"))
        .when(dealt).then(_leg("absent", "no account on the roster shows it"))
        .otherwise(_leg("explained", "no account on the roster shows it; a code like this need not pass a broker"))
    )  # fmt: skip


def _clearance(missing: frozenset[str]) -> pl.Expr:
    """A clearance of which something is not known is named as open."""
    log = _leg("open", "no log of clearances was given") if "clearances" in missing else _leg("absent", "none on record fits")
    exempt = [pl.when(f"exempt_{name}").then(_leg("explained", f"none is needed for {words}")) for name, words in WITH_THE_COMPANY.items()]
    asked = (
        pl.when(~pl.col("needs_clearance")).then(_leg("explained", "none is needed for this kind, person or account"))
        .when(pl.col("needs_clearance")).then(log)
        .otherwise(_leg("open", "whether one is needed is not known"))
    )  # fmt: skip
    found = (
        pl.when(pl.col("trade_id").is_null()).then(_leg("open", "no trade on record to hold against the log"))
        .when("is_valid").then(_leg("there", pl.col("cleared_by")))
        .when(~pl.col("is_valid")).then(_leg("open", pl.format("{}, of which something is not known", "cleared_by")))
    )  # fmt: skip
    return pl.coalesce(found, *exempt, asked)


def _report(missing: frozenset[str]) -> pl.Expr:
    alone = pl.col("trade_id").is_null()
    return (
        pl.when(pl.col("told_on").is_not_null()).then(_leg("there", pl.col("told_on").cast(pl.String)))
        .when(alone & pl.col("line_is_reported")).then(_leg("explained", "one is on record for the day, or none is owed"))
        .when(alone).then(_leg("open", "no trade on record to hold against the reports"))
        .when(~pl.col("owes_report")).then(_leg("explained", "none is owed for this kind or account"))
        .when(pl.col("owes_report").is_null()).then(_leg("open", "whether one is owed is not known"))
        .otherwise(_leg("open", "no table of reports was given") if "reports" in missing else _leg("absent", "none on record"))
    )  # fmt: skip


def _edgar(as_of: date, missing: frozenset[str]) -> pl.Expr:
    if missing.intersection(("filings", "filing_lines")):
        return _leg("open", "no table of filings was given")
    accepted = pl.format("{}, {}", "accession", pl.coalesce("accepted_said", pl.lit("at a time not on record")))
    return (
        pl.when("is_reported").then(_leg("there", accepted))
        .when("is_deferred").then(_leg("explained", "a small purchase, which may wait for Form 5"))
        .when(pl.col("is_reported").is_null() | pl.col("is_deferred").is_null()).then(_leg("open", "what is on record leaves this open"))
        .when(pl.col("surely_due_on") >= as_of).then(_leg("explained", pl.format("due by {}", pl.col("due_on").cast(pl.String))))
        .when(pl.col("surely_due_on").is_null()).then(_leg("open", "when it was due is not known"))
        .otherwise(_leg("absent", "no line on record"))
    )  # fmt: skip
