"""Lists as files that people take with them: CSV, and XLSX by XlsxWriter."""

import csv
import io
import re

import polars as pl
import xlsxwriter
from fastapi import HTTPException
from fastapi.responses import Response

from desk.web import moment

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
FORMULA = re.compile(r"^[=@\t\r+-]")


def table_file(frame: pl.DataFrame, name: str, kind: str) -> Response:
    """A table as a file to keep; a cell that a spreadsheet would run as a formula is text."""
    if kind not in KINDS:
        raise HTTPException(404)
    rows = [[_cell(value) for value in row] for row in frame.iter_rows()]
    content = _csv(frame.columns, rows) if kind == "csv" else _xlsx(frame.columns, rows, name)
    return Response(content, media_type=KINDS[kind], headers={"content-disposition": f'attachment; filename="hindsight-{name}.{kind}"'})


def _cell(value: object) -> str:
    if value is None:
        return ""
    return moment(value) if hasattr(value, "hour") else str(value)  # type: ignore[arg-type]  # what has hours is an instant


def _csv(columns: list[str], rows: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([f"'{cell}" if FORMULA.match(cell) and not re.fullmatch(r"-?[\d.,]+", cell) else cell for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _xlsx(columns: list[str], rows: list[list[str]], name: str) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(name[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet.write_row(0, 0, columns, bold)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.autofit()
    return buffer.getvalue()
