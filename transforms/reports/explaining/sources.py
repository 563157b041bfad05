"""Where each fact behind a finding was read: file, line and what stands there."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.facts import Derivation
from transforms.reports.words import day

KEYS = {
    "trades": ("trade_id",), "accounts": ("account_id", "holder_id", "kind"), "roles": ("person_id", "role"), "relations": ("person_id", "relation", "related_id"),
    "clearances": ("clearance_id", "decision"), "announcements": ("announcement_id", "kind"), "plans": ("plan_id",), "lists": ("list_id", "person_id"),
    "filings": ("accession", "form"), "attestations": ("person_id", "quarter_ended_on"), "holdings": ("account_id", "symbol", "held_on"),
    "reports": ("report_id", "reported_at"), "orders": ("order_id", "account_id"), "filing_lines": ("accession", "line", "sec_code"),
}  # fmt: skip
"""How each table names a row."""
BY_ID = {name: KEYS[name][0] for name in ("trades", "clearances", "orders", "announcements", "plans", "lists", "filings", "filing_lines", "accounts")} | {
    "reports": "trade_id"
}
"""Tables of which the rows that a finding names are told, and the column that names them; of a report, its trade."""
NAMED = ("clearance_id", "denied_clearance_id", "list_id", "plan_id", "other_plan_id", "account_id", "used_by", "contradicted_by")


def sources(found: Mapping[str, Any], row: Mapping[str, Any], derived: Derivation) -> list[str]:
    """One line a row on record that the finding rests on."""
    own = [f"{found['source_file']}, line {found['source_line']}: the row that the finding is about"] if found["source_file"] else []
    return own + [line for name, frame in cited(found, row, derived).items() for line in _lines(name, frame)]


def cited(found: Mapping[str, Any], row: Mapping[str, Any], derived: Derivation) -> dict[str, pl.DataFrame]:
    """The rows on record that the finding rests on, by table."""
    evidence = json.loads(str(found["evidence"] or "{}"))
    ids = {part for key in NAMED for part in str(evidence.get(key) or "").split(";")} | {str(found["subject"]), str(found["trade_id"])}
    ids |= {str(row.get(key)) for key in ("accession", "plan_id", "announcement_id", "trade_id", "account_id", "unusual_clearance_id")}
    people = [found["person_id"], found["trader_id"], evidence.get("decided_by")]
    on = found["occurred_on"]
    ids |= set(derived["reclosures"].filter((pl.col("reclosed_on") <= on) & (pl.col("last_closed_on") >= on))["announcement_id"]) if on else set()
    held = pl.col("from_on").le(on) & (pl.col("until_on").is_null() | pl.col("until_on").ge(on)) if on else pl.lit(value=True)
    known = pl.Series(sorted({each for each in people if each}), dtype=pl.String)
    wanted = pl.lit(pl.Series(sorted(ids), dtype=pl.String).implode())
    picked = {name: derived[name].lazy().filter(pl.col(key).is_in(wanted)) for name, key in BY_ID.items()}
    picked["lists"] = picked["lists"].filter(pl.col("person_id").is_in([*known, "*"]))
    picked["roles"] = derived["roles"].lazy().filter(pl.col("person_id").is_in(known.implode()) & held)
    if found["trader_id"]:
        picked["relations"] = derived["relations"].lazy().filter((pl.col("person_id") == people[0]) & (pl.col("related_id") == people[1]) & held)
    return dict(zip(picked, pl.collect_all(picked.values()), strict=True))


def _lines(name: str, frame: pl.DataFrame) -> list[str]:
    if frame.is_empty():
        return []
    rows = frame.sort("source_file", "source_line", nulls_last=True).iter_rows(named=True)
    return [
        f"{row['source_file']}, line {row['source_line']}: {name} " + ", ".join(_said(row[key]) for key in KEYS[name] if row[key] is not None) for row in rows
    ]


def _said(value: object) -> str:
    return str(value) if not hasattr(value, "weekday") else day(value)  # type: ignore[arg-type]  # it is a date
