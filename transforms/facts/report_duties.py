"""Trades that are owed a same-day report to a Compliance Officer, with the report that completes each."""

import polars as pl

from transforms.calendar import Sessions
from transforms.policy import Policy
from transforms.spreading import completed_by

REPORTED = ("buy", "sell", "short_sell", "cover", "sell_to_cover", "gift_out", "exercise_cash", "exercise_net")


def report_duties(
    answered_trades: pl.DataFrame, reports: pl.DataFrame, amendments: pl.DataFrame, symbols: pl.DataFrame, sessions: Sessions, policy: Policy
) -> pl.DataFrame:
    """`answered_trades` with `owes_report` (policy X.B), `due_on`, and `reported_at`, the instant of the report that
    completes the trade's quantity (null = none on record); `is_in_time` as that report stands.
    """
    scope = "designated" if policy.reads("report.scope", "designated") else "section_16"
    owed = pl.col("is_company_security") & pl.col("kind").is_in(REPORTED) & pl.col(scope) & (pl.col("own") | pl.col("family"))
    due = pl.when(pl.col("plan_id").is_not_null()).then(pl.max_horizontal("traded_on", "notified_on")).otherwise("traded_on")
    duties = answered_trades.with_columns(owes_report=owed, due_on=due, trader_id="family_trader_id", trader=pl.coalesce("family_trader_id", "person_id"))
    named, loose = _named(reports, amendments), _loose(reports, amendments, symbols)
    joined = duties.join(named, on="root_id", how="left", maintain_order="left")
    grouped = _by_group(joined.filter(pl.col("named_at").is_null() & pl.col("owes_report")), loose)
    both = joined.join(grouped, on=["trade_id", "person_id"], how="left", maintain_order="left")
    at = pl.coalesce("named_at", "grouped_at")
    in_time = at.dt.date() <= pl.col("due_on")
    if policy.reads("report.deadline", "regular_close"):
        in_time = in_time & ((at.dt.date() != pl.col("due_on")) | (at.dt.time() <= sessions.closes_at(pl.col("due_on"))))
    return both.with_columns(reported_at=at, reported_on=at.dt.date(), is_in_time=in_time)


def _rooted(reports: pl.DataFrame, amendments: pl.DataFrame) -> pl.DataFrame:
    return reports.join(amendments.select("trade_id", "root_id"), on="trade_id", how="left", maintain_order="left")


def _named(reports: pl.DataFrame, amendments: pl.DataFrame) -> pl.DataFrame:
    """The earliest report that names a trade, or a line that was corrected into it."""
    return _rooted(reports, amendments).filter(pl.col("root_id").is_not_null()).group_by("root_id").agg(
        named_at=pl.col("reported_at").min()
    )  # fmt: skip


def _loose(reports: pl.DataFrame, amendments: pl.DataFrame, symbols: pl.DataFrame) -> pl.DataFrame:
    """Reports that name no trade on record, in order of time."""
    loose = _rooted(reports, amendments).filter(pl.col("root_id").is_null())
    named = loose.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now")
    return named.select("report_id", "reported_at", "kind", "traded_on", "quantity", reporter="person_id", symbol=pl.coalesce("symbol_now", "symbol")).sort(
        "reported_at", "report_id"
    )


def _by_group(duties: pl.DataFrame, loose: pl.DataFrame) -> pl.DataFrame:
    """Reports by the insider or the trader on the symbol, kind and day, spread over the trades in order."""
    by = ["person_id", "trader", "symbol", "kind", "traded_on"]
    groups = duties.select(by).unique()
    reporters = pl.concat([groups.with_columns(reporter="person_id"), groups.with_columns(reporter="trader")]).unique()
    supplies = reporters.join(loose, on=["reporter", "symbol", "kind", "traded_on"]).sort("reported_at", "report_id")
    spread = completed_by(duties.select("trade_id", "quantity", *by), supplies, by, ["reported_at"])
    return spread.select("trade_id", "person_id", grouped_at="reported_at")
