"""A generated book: many people, quarters and trades, most of them clean, some with planted faults."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from tests.worlds import policy_text

AS_OF = "2025-02-28"
FIRST_QUARTER, QUARTERS = date(2020, 3, 31), 20
TRADES_A_PERSON = 50
ZONE = "America/New_York"


def write_book(folder: Path, trades: int) -> None:
    """Write the native tables of a book of about so many trades as Parquet, and the sample's policy."""
    people = max(trades // TRADES_A_PERSON, 1)
    ids = pl.DataFrame({"n": pl.int_range(people, eager=True)}).with_columns(person_id=pl.format("P{}", "n"), account_id=pl.format("A{}", "n"))
    book = _trades(ids, trades)
    tables = {**_roster(ids), **_records(book), "trades": book.drop("n", "moment", "person_id"), "announcements": _announcements()}
    tables["securities"] = pl.DataFrame(
        {"symbol": ["ACM", "OTHER"], "issuer_id": ["ACME", "ELSE"], "asset": ["common", "common"], "share_class": ["COM", None]}
    )
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    for name in ("plans", "plan_changes", "lists", "orders", "elections", "periodic_filings", "corporate_actions", "attestations", "escalations", "reviews"):
        _empty(name).write_parquet(folder / f"{name}.parquet")
    (folder / "policy.toml").write_text(policy_text({}), encoding="utf-8")


def _empty(name: str) -> pl.DataFrame:
    from transforms.tables import TABLES

    return pl.DataFrame(schema=dict.fromkeys(TABLES[name].names, pl.String))


def _quarter_ends() -> list[date]:
    months = [FIRST_QUARTER.month + 3 * n for n in range(QUARTERS)]
    firsts = [date(FIRST_QUARTER.year + month // 12, month % 12 + 1, 1) for month in months]
    return [first - timedelta(days=1) for first in firsts]


def _announcements() -> pl.DataFrame:
    ends = [date(2019, 12, 31), *_quarter_ends()]
    days = [end + timedelta(days=25) for end in ends]
    return pl.DataFrame({
        "announcement_id": [f"Q{end}" for end in ends], "issuer_id": "ACME", "kind": "final", "quarter_ended_on": ends, "announced_on": days,
        "announced_at": [f"{day}T16:05:00-05:00" for day in days],
    })  # fmt: skip


def _roster(ids: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Of a hundred people five are directors or executives, ten other officers, ten general managers; the rest staff."""
    share = pl.col("n") % 100
    role = (
        pl.when(share < 5)
        .then(pl.lit("director"))
        .when(share < 15)
        .then(pl.lit("other_officer"))
        .when(share < 25)
        .then(pl.lit("general_manager"))
        .otherwise(pl.lit("employee"))
    )
    officers = pl.DataFrame({"person_id": ["GC"], "role": ["corporate_legal_counsel"], "from_on": [date(2019, 1, 1)]})
    spouses = ids.filter(pl.col("n") % 100 == 7).with_columns(related_id=pl.format("P{}", pl.col("n") + 50))
    return {
        "people": pl.concat([ids.select("person_id", name=pl.format("Person {}", "n")), pl.DataFrame({"person_id": ["GC"], "name": ["Counsel"]})]),
        "roles": pl.concat([ids.select("person_id", role=role, from_on=pl.lit(date(2019, 1, 1))), officers]),
        "relations": spouses.select("person_id", "related_id", relation=pl.lit("spouse"), from_on=pl.lit(date(2010, 1, 1)), same_household=pl.lit(value=True)),
        "accounts": ids.select("account_id", holder_id="person_id", broker=pl.lit("Northgate"), kind=pl.lit("cash"), margin_enabled=pl.lit(value=False), pledged=pl.lit(value=False)),
        "holdings": ids.select("account_id", symbol=pl.lit("ACM"), held_on=pl.lit(date(2019, 12, 31)), quantity=pl.lit(100000), position=pl.lit("cash")),
    }  # fmt: skip


def _trades(ids: pl.DataFrame, trades: int) -> pl.DataFrame:
    """Trades on Tuesdays to Thursdays, most of them inside a window; one in twenty in a closed one."""
    count = pl.int_range(trades, eager=True).alias("i")
    ends = _quarter_ends()
    mixed = pl.DataFrame({"i": count}).with_columns(n=pl.col("i") % len(ids), r=(pl.col("i") * 2654435761 % 2**32))
    start = pl.Series([end + timedelta(days=33) for end in [date(2019, 12, 31), *ends[:-1]]])
    inside = pl.col("r") // 64 % 45
    outside = pl.when(pl.col("r") % 20 == 0).then(-20).otherwise(0)
    quarter = pl.col("r") // 7 % QUARTERS
    day = pl.lit(start).gather(quarter) + pl.duration(days=inside + outside)
    weekday = day.dt.weekday()
    shifted = day + pl.duration(
        days=pl.when(weekday == 6).then(2).when(weekday == 7).then(2).when(weekday == 1).then(1).when(weekday == 5).then(-1).otherwise(0)
    )
    dated = mixed.with_columns(traded_on=shifted, kind=pl.when(pl.col("r") % 3 == 0).then(pl.lit("buy")).otherwise(pl.lit("sell")))
    timed = dated.with_columns(moment=pl.col("traded_on").cast(pl.Datetime("us")) + pl.duration(hours=11, minutes=pl.col("r") % 240))
    return timed.select(
        "n", moment=pl.col("moment").dt.replace_time_zone(ZONE), trade_id=pl.format("T{}", "i"), account_id=pl.format("A{}", "n"), person_id=pl.format("P{}", "n"),
        symbol=pl.when(pl.col("r") % 5 == 4).then(pl.lit("OTHER")).otherwise(pl.lit("ACM")), kind="kind",
        quantity=10 + pl.col("r") % 90, price=pl.format("{}.{}", 20 + pl.col("r") % 10, pl.col("r") % 90 + 10), traded_on="traded_on",
        traded_at=pl.col("moment").dt.replace_time_zone(ZONE).dt.to_string("%Y-%m-%dT%H:%M:%S%:z"), order_id=pl.format("O{}", "i"), venue=pl.lit("public"),
    )  # fmt: skip


def _records(book: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """A clearance, a report and a Form 4 line for most trades in the company's shares by those who owe them."""
    bound = book.filter((pl.col("n") % 100 < 25) & (pl.col("symbol") == "ACM")).with_row_index("k")
    cleared = bound.filter(pl.col("k") % 50 != 0)
    decided = pl.col("moment") - pl.duration(hours=3)
    iso = "%Y-%m-%dT%H:%M:%S%:z"
    insiders = bound.filter(pl.col("n") % 100 < 5)
    reported, filed = insiders.filter(pl.col("k") % 40 != 1), insiders.filter(pl.col("k") % 40 != 2)
    late = pl.when(pl.col("k") % 30 == 3).then(9).otherwise(2)
    return {
        "clearances": cleared.select(
            "person_id", "account_id", "symbol", "quantity", clearance_id=pl.format("C{}", "k"), side="kind",
            requested_at=(pl.col("moment") - pl.duration(days=8)).dt.to_string(iso), decision=pl.lit("approved"), decided_at=decided.dt.to_string(iso), decided_by=pl.lit("GC"), channel=pl.lit("email"),
        ),
        "reports": reported.select("person_id", "trade_id", "symbol", "kind", "traded_on", "quantity", report_id=pl.format("R{}", "k"), reported_at=(pl.col("moment") + pl.duration(hours=4)).dt.to_string(iso)),
        "filings": filed.select("person_id", accession=pl.format("F{}", "k"), form=pl.lit("4"), issuer_id=pl.lit("ACME"), accepted_at=(pl.col("moment") + pl.duration(days=late)).dt.to_string(iso), period_on="traded_on"),
        "filing_lines": filed.select(
            "symbol", "traded_on", "quantity", "price", accession=pl.format("F{}", "k"), line=pl.lit(1), derivative=pl.lit(value=False),
            sec_code=pl.when(pl.col("kind") == "buy").then(pl.lit("P")).otherwise(pl.lit("S")), acquired=pl.col("kind") == "buy",
        ),
    }  # fmt: skip
