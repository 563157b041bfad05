"""Reads the native form of a canonical table: a CSV or Parquet file of the table's name."""

import csv
import io

import polars as pl

from transforms.sources import REFUSED, File, Read, refusal
from transforms.sources._csv import LONGEST_LINE, text_of
from transforms.tables import COUNT, FLAG, INSTANT, TABLES, TEXT, Column, Table

DAY = r"^\d{4}-\d{2}-\d{2}$"
MOMENT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})$"
NAIVE = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$"


def read_native(file: File, table: str) -> Read:
    """Rows of a canonical table, typed cell by cell; a row with a bad cell is refused with file, line and reason.

    A column that the table lacks is kept in `raw` alone and told as an unknown_column blind spot.
    """
    spec = TABLES[table]
    printed = _parquet(file) if file.path.lower().endswith(".parquet") else _csv(file)
    if isinstance(printed, Read):
        return printed
    frame, broken = printed
    lacking = [c.name for c in spec.columns if c.name in spec.key and c.name not in frame.columns]
    lacking = [name for name in lacking if not (name.endswith("_on") and name.replace("_on", "_at") in frame.columns)]
    if lacking:
        return refusal(file, 1, f"no column {lacking[0]}, expected {', '.join(spec.names)}. Add the column.")
    unknown = [name for name in frame.columns if name not in spec.names and name not in {"_line", "_raw"}]
    told = [("unknown_column", file.path, f"{file.path}: column {name} is not known to {table}; it was not read.", len(frame)) for name in unknown]
    return _typed(frame, spec, file) + Read(refused=broken, lines=len(broken), remarks=told)


def _typed(frame: pl.DataFrame, spec: Table, file: File) -> Read:
    given = frame.with_columns((_trimmed(pl.col(c.name)) if c.name in frame.columns else pl.lit(None, dtype=TEXT)).alias(c.name) for c in spec.columns)
    typed = given.with_columns(_value(c).alias(f"_typed_{c.name}") for c in spec.columns)
    typed = typed.with_columns(_days_of_instants(spec))
    reasons = [_problem(c, spec) for c in spec.columns]
    judged = typed.with_columns(_reason=pl.coalesce(*reasons))
    good = judged.filter(pl.col("_reason").is_null())
    bad = judged.filter(pl.col("_reason").is_not_null())
    rows = good.select(
        *(pl.col(f"_typed_{c.name}").alias(c.name) for c in spec.columns),
        source_file=pl.lit(file.path), source_line=pl.col("_line").cast(COUNT),
    )  # fmt: skip
    refused = bad.select(
        file=pl.lit(file.path),
        line=pl.col("_line").cast(COUNT),
        reason=pl.format("{}:{}: {}", pl.lit(file.path), "_line", "_reason"),
        raw=pl.col("_raw").str.head(500),
    )
    return Read(rows={spec.name: rows}, refused=refused, lines=len(frame))


def _trimmed(cell: pl.Expr) -> pl.Expr:
    text = cell.cast(TEXT).str.strip_chars()
    return pl.when(text != "").then(text)


def _value(column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    if column.dtype == TEXT:
        return cell
    if column.dtype == FLAG:
        lower = cell.str.to_lowercase()
        return pl.when(lower == "true").then(pl.lit(value=True)).when(lower == "false").then(pl.lit(value=False))
    if column.dtype == pl.Date:
        return pl.when(cell.str.contains(DAY)).then(cell).str.to_date("%Y-%m-%d", strict=False)
    if column.dtype == INSTANT:
        return instant(cell)
    if column.dtype == COUNT:
        return pl.when(cell.str.contains(r"^\d{1,9}(\.0+)?$")).then(cell.str.extract(r"^(\d+)")).cast(COUNT)
    return pl.when(cell.str.contains(r"^[+-]?\d{1,12}(\.\d{1,6}0*)?$")).then(cell.str.strip_prefix("+")).cast(column.dtype, strict=False)


def instant(cell: pl.Expr) -> pl.Expr:
    """ISO 8601 text with offset as an instant in New York; null where it is none."""
    dated = pl.when(cell.str.contains(MOMENT)).then(cell.str.replace(" ", "T", literal=True))
    seconds = dated.str.replace(r"T(\d{2}:\d{2})(Z|[+-])", "T$1:00$2")
    return seconds.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", strict=False, time_unit="us", time_zone=str(INSTANT.time_zone))


def _days_of_instants(spec: Table) -> list[pl.Expr]:
    """`x_on` follows from `x_at` wherever that is known."""
    pairs = [name for name in spec.names if name.endswith("_on") and name.replace("_on", "_at") in spec.names]
    return [pl.coalesce(pl.col(f"_typed_{on.replace('_on', '_at')}").dt.date(), f"_typed_{on}").alias(f"_typed_{on}") for on in pairs]


def _problem(column: Column, spec: Table) -> pl.Expr:
    """The reason for which a cell can't be read, null where it can."""
    cell, typed = pl.col(column.name), pl.col(f"_typed_{column.name}")
    name = column.name
    kind = {pl.Date: "a date YYYY-MM-DD", pl.Boolean: "true or false"}.get(type(column.dtype), "a number of at most 12 digits and 6 decimals")
    if column.dtype == INSTANT:
        kind = "an instant with offset such as 2024-11-12T11:00:00-05:00"
    empty = typed.is_null() & cell.is_null() if not column.empty else pl.lit(value=False)
    said = (
        pl.when(empty).then(pl.lit(f"{name} is empty, expected a value. Fill it in."))
        .when(cell.str.contains("\ufffd")).then(pl.lit(f"{name} holds bytes that are no UTF-8, expected UTF-8. Save the file as UTF-8."))
    )  # fmt: skip
    if column.dtype == INSTANT:
        said = said.when(cell.str.contains(NAIVE)).then(pl.format(f"{name} is {{}}, a time without offset, expected {kind}. Add the offset.", cell))
    if column.positive:
        said = said.when(typed <= 0).then(pl.format(f"{name} is {{}}, expected more than 0. Direction is told by the kind; correct the cell.", cell))
    elif not column.signed:
        said = said.when(typed < 0).then(pl.format(f"{name} is {{}}, expected 0 or more. Correct the cell.", cell))
    unread = cell.is_not_null() & typed.is_null() if column.dtype != TEXT else pl.lit(value=False)
    if name.endswith("_on") and name.replace("_on", "_at") in spec.names:
        unread = cell.is_not_null() & _value(column).is_null()
    return said.when(unread).then(pl.format(f"{name} is {{}}, expected {kind}. Correct the cell.", cell))


def _parquet(file: File) -> tuple[pl.DataFrame, pl.DataFrame] | Read:
    try:
        frame = pl.read_parquet(io.BytesIO(file.content))
    except (pl.exceptions.PolarsError, OSError):
        return refusal(file, 1, "no Parquet that can be read, expected a whole Parquet file. Write it again.")
    text = frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items())
    raw = pl.concat_str([pl.col(c).fill_null("") for c in text.columns], separator=",") if text.columns else pl.lit("")
    return text.with_row_index("_line", offset=1).with_columns(_raw=raw), pl.DataFrame(schema=REFUSED)


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        return column.dt.to_string("%Y-%m-%dT%H:%M:%S%.6f%:z" if dtype.time_zone else "%Y-%m-%dT%H:%M:%S%.6f")
    return column.cast(pl.Decimal(38, 6)).cast(TEXT) if dtype.is_float() else column.cast(TEXT)


def _csv(file: File) -> tuple[pl.DataFrame, pl.DataFrame] | Read:
    """Cells as text with `_line` and `_raw`, and the lines whose number of cells is wrong."""
    if not file.content.strip():
        return refusal(file, 1, "the file is empty, expected a header. A header alone says that there are no rows.")
    if b"\x00" in file.content:
        return refusal(file, 1, "the file is binary, expected CSV in UTF-8. Export it as CSV.")
    text = text_of(file).replace("\r\n", "\n")
    lines = pl.DataFrame({"_raw": text.split("\n")}).with_row_index("_line", offset=1)
    lines = lines.with_columns(_bare=pl.col("_raw").str.replace_all(r'"(?:[^"]|"")*"', "q"))
    if lines["_bare"].str.contains('"', literal=True).any():
        return _quoted_csv(text, file)
    header, body = lines.row(0, named=True), lines.slice(1).filter(pl.col("_raw").str.strip_chars() != "")
    names = next(csv.reader([header["_raw"]]))
    body = body.with_columns(_cells=pl.col("_bare").str.count_matches(",", literal=True) + 1, _long=pl.col("_raw").str.len_chars() > LONGEST_LINE)
    whole = body.filter((pl.col("_cells") == len(names)) & ~pl.col("_long"))
    broken = body.filter((pl.col("_cells") != len(names)) | pl.col("_long"))
    joined = "\n".join(whole["_raw"].to_list())
    frame = (
        pl.read_csv(io.StringIO(joined), has_header=False, new_columns=_distinct(names), infer_schema=False)
        if len(whole)
        else pl.DataFrame(schema=dict.fromkeys(_distinct(names), TEXT))
    )
    return frame.with_columns(whole["_line"], whole["_raw"]), _broken(broken, len(names), file)


def _broken(lines: pl.DataFrame, expected: int, file: File) -> pl.DataFrame:
    short = pl.format("{} cells, expected {}. The line may be cut off; write the file again.", "_cells", pl.lit(expected))
    long = pl.format("{} characters, expected at most {}. Split or correct the line.", pl.col("_raw").str.len_chars(), pl.lit(LONGEST_LINE))
    return lines.select(
        file=pl.lit(file.path), line=pl.col("_line").cast(COUNT),
        reason=pl.format("{}:{}: {}", pl.lit(file.path), "_line", pl.when("_long").then(long).otherwise(short)),
        raw=pl.col("_raw").str.head(500),
    )  # fmt: skip


def _quoted_csv(text: str, file: File) -> tuple[pl.DataFrame, pl.DataFrame] | Read:
    """The slow way, for files with line breaks or stray quotation marks inside cells."""
    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[list[object]] = []
    last = 0
    try:
        names = next(reader)
        last = reader.line_num
        for row in reader:
            rows.append([last + 1, ",".join(row)[:500], len(row), row])
            last = reader.line_num
    except csv.Error as error:
        return refusal(file, last + 1, f"{error}, expected CSV. A quotation mark may be missing; correct the line.")
    schema: dict[str, pl.DataType | type[pl.DataType]] = {"_line": pl.UInt32, "_raw": TEXT, "_cells": pl.UInt32, "_row": pl.List(TEXT)}
    lines = pl.DataFrame(rows, schema=schema, orient="row").filter(pl.col("_cells") > 0).with_columns(_long=pl.lit(value=False))
    whole = lines.filter(pl.col("_cells") == len(names))
    cells = whole.select("_line", "_raw", *(pl.col("_row").list.get(n).alias(name) for n, name in enumerate(_distinct(names))))
    return cells, _broken(lines.filter(pl.col("_cells") != len(names)), len(names), file)


def _distinct(names: list[str]) -> list[str]:
    """Column names without blanks around them; a name that occurs again gets a number."""
    bare = [name.strip() or "unnamed" for name in names]
    return [name if name not in bare[:n] else f"{name}_{n}" for n, name in enumerate(bare)]
