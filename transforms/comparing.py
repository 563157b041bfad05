"""Two policies over the same data: which findings a draft adds, drops and changes, and in what the policies differ."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

COMPARED = ("finding_id", "rule", "clause", "severity", "outcome", "person_id", "trader_id", "subject", "occurred_on", "because", "evidence")
CHANGES: dict[str, pl.DataType] = {
    "change": pl.String(), **{name: pl.Date() if name == "occurred_on" else pl.String() for name in COMPARED if name != "evidence"}, "what": pl.String(),
}  # fmt: skip
ORDER = ("added", "dropped", "changed")


def changes(now: pl.DataFrame, draft: pl.DataFrame) -> pl.DataFrame:
    """One row a finding that differs: `change` (added, dropped, changed), its words, and `what` changed in it.

    A dropped finding keeps the words of the policy in force, the others have those of the draft.
    """
    before, after = now.select(COMPARED), draft.select(COMPARED)
    added = after.join(before, on="finding_id", how="anti").with_columns(change=pl.lit("added"), what=pl.lit(""))
    dropped = before.join(after, on="finding_id", how="anti").with_columns(change=pl.lit("dropped"), what=pl.lit(""))
    both = after.join(before, on="finding_id", suffix="_before")
    said = [
        pl.when(~pl.col(name).eq_missing(pl.col(f"{name}_before"))).then(pl.format(f"{name} was {{}}", pl.col(f"{name}_before").fill_null("none")))
        for name in ("outcome", "severity", "clause", "trader_id")
    ]
    told = pl.struct("evidence", "evidence_before").map_elements(_evidence, return_dtype=pl.String)
    kept = both.with_columns(what=pl.concat_list([*said, told]).list.drop_nulls().list.join("; "), change=pl.lit("changed"))
    moved = kept.filter(pl.col("what") != "")
    found = pl.concat([each.select(list(CHANGES)) for each in (added, dropped, moved)])
    return found.with_columns(_order=pl.col("change").replace_strict(dict(zip(ORDER, range(3), strict=True)))).sort("_order", "finding_id").drop("_order")


def _evidence(both: Mapping[str, str]) -> str | None:
    """`closes_on was 2024-12-31` for each key whose value is another one."""
    before, after = (json.loads(both[name], parse_float=str) for name in ("evidence_before", "evidence"))
    said = [f"{key} was {before.get(key)}" for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    return "; ".join(said) or None


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
