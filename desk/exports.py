"""Lists as files that people take with them: CSV, and XLSX by XlsxWriter."""

import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl
import xlsxwriter
from fastapi import HTTPException
from fastapi.responses import Response

from desk.web import moment
from transforms.attesting.board import Board, Measure
from transforms.reports.documents import Document, as_html
from transforms.reports.pdf import as_pdf
from transforms.wording import never_a_formula

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
DOCUMENT_HEADERS = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}


def table_file(frame: pl.DataFrame, name: str, kind: str) -> Response:
    """A table as a file to keep; a cell that a spreadsheet would run as a formula is text."""
    if kind not in KINDS:
        raise HTTPException(404)
    content = _csv(frame) if kind == "csv" else _xlsx(frame.columns, _rows(frame), name)
    return Response(content, media_type=KINDS[kind], headers={"content-disposition": f'attachment; filename="hindsight-{name}.{kind}"'})


def _rows(frame: pl.DataFrame) -> list[list[str]]:
    return [[_cell(value) for value in row] for row in frame.iter_rows()]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return moment(value) if hasattr(value, "hour") else str(value)  # type: ignore[arg-type]  # what has hours is an instant


def _csv(frame: pl.DataFrame) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(frame.columns)
    writer.writerows(_rows(frame.with_columns(never_a_formula(pl.col(pl.String)))))
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


def document_file(document: Document, name: str, kind: str) -> Response:
    """A document as a page of its own, or as PDF."""
    if kind == "html":
        return Response(as_html(document), media_type="text/html; charset=utf-8", headers=DOCUMENT_HEADERS)
    if kind == "pdf":
        return Response(as_pdf(document), media_type="application/pdf", headers={"content-disposition": f'attachment; filename="hindsight-{name}.pdf"'})
    raise HTTPException(404)


def board_file(told: Board, name: str) -> Response:
    """The board page as a workbook."""
    return Response(board_workbook(told), media_type=KINDS["xlsx"], headers={"content-disposition": f'attachment; filename="hindsight-{name}.xlsx"'})


def board_workbook(told: Board) -> bytes:
    """The board page as a workbook: all numbers on the first sheet, then a sheet a measure with its table and a chart of it."""
    buffer = io.BytesIO()
    names = [each.name for each in told.quarters]
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no time, so that the same numbers give the same file
        bold = book.add_format({"bold": True, "bottom": 1})
        first = book.add_worksheet("All numbers")
        first.write_row(0, 0, ["Measure", "Unit", "What it counts", *names], bold)
        for row, measure in enumerate(told.measures, 1):
            first.write_row(row, 0, [measure.name, measure.unit, measure.said])
            for place, value in enumerate(measure.values, 3):
                _number(first, row, place, value)
            _measure(book, bold, measure, names)
        first.freeze_panes(1, 1)
        first.autofit()
    return buffer.getvalue()


def _measure(book: Any, bold: Any, measure: Measure, names: list[str]) -> None:  # noqa: ANN401 - the library has no types
    sheet = book.add_worksheet(measure.name[:31])
    sheet.write_row(0, 0, ["Quarter", measure.unit or "Count"], bold)
    for row, (name, value) in enumerate(zip(names, measure.values, strict=True), 1):
        sheet.write_string(row, 0, name)
        _number(sheet, row, 1, value)
    chart = book.add_chart({"type": "column"})
    reach = len(names)
    chart.add_series(
        {"name": measure.name, "categories": [measure.name[:31], 1, 0, reach, 0], "values": [measure.name[:31], 1, 1, reach, 1], "data_labels": {"value": True}}
    )
    chart.set_legend({"none": True})
    chart.set_title({"name": measure.name})
    sheet.insert_chart("D2", chart, {"description": measure.said})
    sheet.autofit()


def _number(sheet: Any, row: int, place: int, value: Decimal | None) -> None:  # noqa: ANN401 - the library has no types
    """A number in its cell; what is not known stays empty."""
    if value is not None:
        sheet.write_number(row, place, float(value))
