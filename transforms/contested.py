"""Which findings another listed reading would change."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from transforms.readings import READINGS

WORKERS = 2
"""Readings looked at side by side; each only reads what is known."""
Rejudge = Callable[[str, str | int], dict[str, pl.DataFrame]]
"""Findings by rule under one other reading, for the rules that the reading can touch."""


def contested(findings: pl.DataFrame, rejudge: Rejudge) -> pl.DataFrame:
    """Findings with `contested`: keys, sorted and joined by `;`, of which one listed alternative, put in alone, would
    change the outcome of the row (for a short swing: also the amount).
    """
    asked = [(key, other) for key, reading in READINGS.items() if not reading.severity_only for other in (reading.default, *reading.alternatives)]
    with ThreadPoolExecutor(WORKERS) as pool:
        changes = list(pool.map(lambda each: _changed(findings, each[0], rejudge(*each)), asked))
    keys = pl.concat([pl.DataFrame(schema={"finding_id": pl.String, "key": pl.String}), *changes]).unique().sort("key")
    joined_keys = keys.group_by("finding_id", maintain_order=True).agg(contested=pl.col("key").str.join(";"))
    return findings.join(joined_keys, on="finding_id", how="left")


def _changed(findings: pl.DataFrame, key: str, again: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Findings of the rules judged again whose outcome, or amount, is another one."""
    touched = findings.filter(pl.col("rule").is_in(list(again)))
    if touched.is_empty():
        return pl.DataFrame(schema={"finding_id": pl.String, "key": pl.String})
    other = pl.concat(list(again.values())).select("finding_id", _outcome="outcome", _amount=_amount())
    joined = touched.join(other, on="finding_id", how="left")
    moved = ~pl.col("outcome").eq_missing(pl.col("_outcome")) | ~_amount().eq_missing(pl.col("_amount"))
    return joined.filter(moved).select("finding_id", key=pl.lit(key))


def _amount() -> pl.Expr:
    return pl.when(pl.col("rule") == "short_swing_profit").then(pl.col("evidence").str.extract(r'"profit_max":([\d.]+)'))
