"""Reads comma-separated text into cells of text, with line numbers, losing nothing."""

import csv
import io

import polars as pl

from transforms.sources import File
from transforms.tables import COUNT, TEXT

LONGEST_LINE = 1_000_000
"""Characters; a longer line is refused, not parsed."""


def text_of(file: File) -> str:
    """The file as text: UTF-8, a byte-order mark cut; bytes that are no UTF-8 become U+FFFD, which readers refuse."""
    return file.content.decode("utf-8-sig", errors="replace")


def cells(text: str, heading: tuple[str, ...]) -> tuple[pl.DataFrame, list[str]]:
    """Lines after the first one that starts with a heading, as cells named by it, with `line` and `raw`.

    Returns the frame and the heading found. Blank lines are skipped. Cells beyond the heading are kept in `_rest`,
    a missing one is null. Broker exports are small; native tables have a reader of their own.
    """
    named: list[str] = []
    lines: list[dict[str, str | int | None]] = []
    reader = csv.reader(io.StringIO(text, newline=""))
    csv.field_size_limit(LONGEST_LINE)
    before = 0
    for row in reader:
        start, before = before + 1, reader.line_num
        if not named:
            stripped = [cell.strip() for cell in row]
            if tuple(stripped[: len(heading)]) == heading or set(heading) <= set(stripped):
                named = stripped
            continue
        if not any(cell.strip() for cell in row):
            continue
        padded: list[str | None] = [*row, *[None] * (len(named) - len(row))]
        cell_of = {name: value for name, value in zip(named, padded, strict=False) if name}
        rest = "".join(row[len(named) :]).strip() or None
        lines.append({**cell_of, "_rest": rest, "_cells": len(row), "line": start, "raw": ",".join(row)})
    schema = {name: TEXT for name in named if name} | {"_rest": TEXT, "_cells": COUNT, "line": COUNT, "raw": TEXT}
    return pl.DataFrame(lines, schema=schema), named
