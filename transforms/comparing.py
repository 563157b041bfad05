"""Two policies over the same data: which findings a draft adds, drops and changes, and in what the policies differ."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from transforms.cases import SEVERITIES

COMPARED = ("finding_id", "rule", "clause", "severity", "outcome", "person_id", "trader_id", "subject", "occurred_on", "because", "evidence")
MOVED = ("outcome", "severity", "clause", "trader_id", "evidence")
ORDER = ("added", "dropped", "changed")
SEVERITY = dict(zip(SEVERITIES, range(len(SEVERITIES)), strict=True))


def changes(now: pl.DataFrame, draft: pl.DataFrame) -> pl.DataFrame:
    """One row a finding that differs: `change` (added, dropped, changed), the columns COMPARED, and those of MOVED as they
    were (`…_before`, null unless changed); added first, the gravest first.

    A dropped finding keeps the words of the policy in force, the others have those of the draft.
    """
    before, after = now.select(COMPARED), draft.select(COMPARED)
    both = after.join(before.select("finding_id", *MOVED), on="finding_id", suffix="_before")
    moved = both.filter(pl.any_horizontal([~pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in MOVED]))
    found = pl.concat([
        after.join(before, on="finding_id", how="anti").with_columns(change=pl.lit("added")),
        before.join(after, on="finding_id", how="anti").with_columns(change=pl.lit("dropped")),
        moved.with_columns(change=pl.lit("changed")),
    ], how="diagonal")  # fmt: skip
    told = found if not moved.is_empty() else found.with_columns(pl.lit(None, dtype=pl.String).alias(f"{name}_before") for name in MOVED)
    order = pl.col("change").replace_strict({change: n for n, change in enumerate(ORDER)}, return_dtype=pl.Int64)
    return told.sort(order, pl.col("severity").replace_strict(SEVERITY, return_dtype=pl.Int64), "finding_id")


def tally(found: pl.DataFrame, by: str) -> pl.DataFrame:
    """One row a rule or person with how many findings are added, dropped and changed, most first."""
    counts = [(pl.col("change") == change).sum().cast(pl.Int64).alias(change) for change in ORDER]
    return found.group_by(by).agg(*counts, total=pl.len().cast(pl.Int64)).sort("total", by, descending=[True, False])


def differences(now: Mapping[str, Any], draft: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Place, value in force and value of the draft, for each value in which two policy files differ."""
    before, after = dict(_flat(now)), dict(_flat(draft))
    return [
        (place, before.get(place, "not written"), after.get(place, "not written"))
        for place in sorted({*before, *after})
        if before.get(place) != after.get(place)
    ]


def _flat(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        place = f"{path}.{name}" if path else str(name)
        if isinstance(value, Mapping):
            yield from _flat(value, place)
        else:
            yield place, ", ".join(map(str, value)) if isinstance(value, list) else str(value)
