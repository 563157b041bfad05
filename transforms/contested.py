"""What another listed reading would give: findings that it changes, and rows that it would flag."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from transforms.readings import READINGS

WORKERS = 2
"""Readings looked at side by side; each only reads what is known."""
Judged = Callable[[bool], pl.DataFrame]
"""The findings of a rule, with their sentences or without."""
Rejudge = Callable[[str, str | int], dict[str, Judged]]
"""Each rule that one other reading can touch, ready to be judged under it."""
ABOUT = ("finding_id", "rule", "clause", "severity", "person_id", "trader_id", "subject", "matter", "occurred_on", "because")
OTHERWISE: dict[str, pl.DataType] = {
    **{name: pl.Date() if name == "occurred_on" else pl.String() for name in ABOUT},
    "key": pl.String(), "value": pl.String(), "here": pl.String(), "there": pl.String(), "amount": pl.String(),
}  # fmt: skip
"""A row a finding and other reading: its outcome `here` and `there` (null = no finding), for a short swing its `amount`."""


def other_readings(findings: pl.DataFrame, rejudge: Rejudge) -> pl.DataFrame:
    """Rows of OTHERWISE: each finding whose outcome, or amount, one listed alternative put in alone would change, and each
    finding that it would make.
    """
    asked = [(key, other) for key, reading in READINGS.items() if not reading.severity_only for other in (reading.default, *reading.alternatives)]
    with ThreadPoolExecutor(WORKERS) as pool:
        changes = list(pool.map(lambda each: _changed(findings, each[0], each[1], rejudge(*each)), asked))
    return pl.concat([pl.DataFrame(schema=OTHERWISE), *changes]).sort("finding_id", "key", "value")


def contested(findings: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Findings with `contested`: the keys, sorted and joined by `;`, under which another reading would change them."""
    keys = others.filter(pl.col("here").is_not_null()).select("finding_id", "key").unique().sort("key")
    joined_keys = keys.group_by("finding_id", maintain_order=True).agg(contested=pl.col("key").str.join(";"))
    return findings.join(joined_keys, on="finding_id", how="left")


def _changed(findings: pl.DataFrame, key: str, value: str | int, again: dict[str, Judged]) -> pl.DataFrame:
    """Findings of the rules judged again whose outcome, or amount, is another one, or that are not there on one side.

    Sentences are made only for rules with a finding that is not there tonight.
    """
    if not again:
        return pl.DataFrame(schema=OTHERWISE)
    here = findings.filter(pl.col("rule").is_in(list(again))).select(*ABOUT, here="outcome", amount_here=_amount())
    there = pl.concat([judged(False) for judged in again.values()]).select(*ABOUT, there="outcome", amount=_amount())
    both = here.join(there, on="finding_id", how="full", coalesce=True, suffix="_there")
    moved = both.filter(~pl.col("here").eq_missing(pl.col("there")) | ~pl.col("amount_here").eq_missing(pl.col("amount")))
    told = moved.with_columns(pl.coalesce(name, f"{name}_there").alias(name) for name in ABOUT[1:])
    new = told.filter(pl.col("here").is_null())["rule"].unique().to_list()
    if new:
        words = pl.concat([again[name](True).select("finding_id", _said="because") for name in sorted(new)])
        told = (
            told.join(words, on="finding_id", how="left")
            .with_columns(because=pl.when(pl.col("here").is_null()).then("_said").otherwise("because"))
            .drop("_said")
        )
    return told.with_columns(key=pl.lit(key), value=pl.lit(str(value))).select(list(OTHERWISE))


def _amount() -> pl.Expr:
    return pl.when(pl.col("rule") == "short_swing_profit").then(pl.col("evidence").str.extract(r'"profit_max":([\d.]+)'))
