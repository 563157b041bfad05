"""The clearances that were considered for a trade, and why each failed."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.facts import Derivation
from transforms.facts.clearance_pairs import TESTS
from transforms.reports.explaining.counts import full_days
from transforms.reports.words import clock, day, number, plain

CLEARANCE_FACTS = ("cleared_trades", "clearance_uses")
FAILED = {
    "authorised": ("the one who decided held no approving role then", "nobody is named as having decided"),
    "independent": ("the one who decided asked for it, answers for the trade, holds the account or is tied to one who does", "whether the one who decided is independent is not known"),
    "decided_before": ("received after the execution", "received on the day of the trade, and which came first is not on record"),
    "unrevoked": ("revoked before the execution", "revoked on the day of the trade, and which came first is not on record"),
    "in_time": ("the trade came after its last day", "its last day is not known"),
}  # fmt: skip
"""A test, and what it means that it fails, or is not known."""


def considered(over: str, row: Mapping[str, Any], derived: Derivation) -> list[str]:
    """Two lines a clearance that is near in time, or could be drawn on: what it was with its days counted, and what became of it."""
    if over not in CLEARANCE_FACTS or not row:
        return []
    same = (pl.col("trade_id") == row["trade_id"]) & (pl.col("person_id") == row["person_id"])
    draws = dict(derived["clearance_draws"].filter(same).select("clearance_id", "drawn_today").rows())
    weighed = pl.col("is_near") | pl.col("clearance_id").is_in(list(draws)) | pl.all_horizontal(TESTS).fill_null(value=True)
    pairs = derived["clearance_pairs"].filter(same & weighed.fill_null(value=True)).sort("decided_on", "clearance_id", nulls_last=True)
    lines = [line for pair in pairs.iter_rows(named=True) for line in (_what(pair, derived), f"    {_became(pair, draws)}")]
    return lines or ["None: no clearance asked for by, or covering, those involved was decided within the look-back and look-ahead of the policy."]


def _what(pair: Mapping[str, Any], derived: Derivation) -> str:
    at = clock(pair["decided_at"]) if pair["decided_at"] else day(pair["decided_on"]) or "on a day that is not on record"
    said = f"{pair['clearance_id']}: {pair['cleared_side']} of {pair['cleared_symbol']}, {pair['decision']} by {pair['decided_by'] or 'nobody named'}, received {at}"
    if pair["decision"] != "approved":
        return said
    days = full_days(derived, pair["valid_through_on"], pair["decided_on"], "clearance")
    counted = ", ".join(f"{day(each)} ({n})" for n, each in enumerate(days, 1))
    return f"{said}; counts {counted}, last day {day(pair['valid_through_on']) or 'not known'}"


def _became(pair: Mapping[str, Any], draws: Mapping[str, Any]) -> str:
    if pair["decision"] == "denied":
        return "a denial"
    said = [f"another {plain(field)} than the trade's" for field in pair["fields"]]
    for test, (failed, unknown) in FAILED.items():
        if pair[test] is None:
            said.append(unknown)
        elif not pair[test]:
            said.append(failed)
    if pair["clearance_id"] in draws:
        said.insert(0, f"drawn on for {number(draws[pair['clearance_id']])}, on today's split basis")
    return "; ".join(said) or ("every test passes, but another order had drawn on it or nothing was left" if pair["is_near"] else "every test passes")
