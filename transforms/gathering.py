"""Gathers what every file gave: rows by table, each once, and a count of where every line ended."""

import polars as pl

from transforms.sources import REFUSED, Read
from transforms.tables import TABLES

Remark = tuple[str, str, str, int]


def gather(reads: dict[str, Read]) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, list[Remark]]:
    """Every table with the rows of every file, all refusals, and all remarks of the readers."""
    tables = {name: pl.concat([table.empty(), *(read.rows[name] for read in reads.values() if name in read.rows)]) for name, table in TABLES.items()}
    refused = pl.concat([pl.DataFrame(schema=REFUSED), *(read.refused for read in reads.values())])
    return tables, refused, [remark for read in reads.values() for remark in read.remarks]


def once(name: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    """Rows with each key once: equal rows are one (the others superseded), different ones are refused but the first.

    Returns the rows, how many were superseded, and the refusals. Which row stays depends on content alone, never on
    the order of files or lines; an acceptance with a time goes before one without.
    """
    spec = TABLES[name]
    value_columns = list(spec.names)
    ordered = rows.sort(*value_columns, "source_file", "source_line", nulls_last=True)
    distinct = ordered.unique(value_columns, keep="first", maintain_order=True)
    if name == "acceptances":
        distinct = distinct.unique(list(spec.key), keep="first", maintain_order=True)
    first = distinct.unique(list(spec.key), keep="first", maintain_order=True)
    if len(first) == len(distinct):
        return first, len(rows) - len(distinct), pl.DataFrame(schema=REFUSED)
    others = distinct.join(first.select("source_file", "source_line"), on=["source_file", "source_line"], how="anti")
    kept_at = first.select(*spec.key, _file="source_file", _line="source_line")
    told = others.join(kept_at, on=list(spec.key), how="left", nulls_equal=True)
    key = pl.concat_str([pl.col(k).cast(pl.String).fill_null("empty") for k in spec.key], separator=", ")
    reason = pl.format(
        "{}:{}: the key {} of {} stands with other content at {}:{}, expected once. Remove or correct one of the rows.",
        "source_file", "source_line", key, pl.lit(name), "_file", "_line",
    )  # fmt: skip
    raw = pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in value_columns], separator=",")
    refused = told.select(file="source_file", line="source_line", reason=reason, raw=raw).cast(REFUSED)  # type: ignore[arg-type]  # polars types columns only
    return first, len(rows) - len(distinct), refused
