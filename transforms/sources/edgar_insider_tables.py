"""The SEC's insider transactions data sets: forms, owners and transaction lines of a quarter as tab-separated tables.

Each table is a file of its own; they meet by accession number once every file is read, and only what is about the policy's
issuer stays. Quotation marks are part of the text.
"""

import re
from collections.abc import Callable

import polars as pl

from transforms.sources import File, Read, first_reason, ledger, number, source, unless
from transforms.sources.edgar_ownership import CODES, FORMS
from transforms.tables import COUNT, FLAG, TEXT

TABLES = {
    "SUBMISSION": {"FILING_DATE", "DOCUMENT_TYPE", "ISSUERCIK"},
    "REPORTINGOWNER": {"RPTOWNERCIK"},
    "NONDERIV_TRANS": {"NONDERIV_TRANS_SK", "TRANS_DATE", "TRANS_CODE"},
    "DERIV_TRANS": {"DERIV_TRANS_SK", "TRANS_DATE", "TRANS_CODE"},
    "NONDERIV_HOLDING": {"NONDERIV_HOLDING_SK"},
    "DERIV_HOLDING": {"DERIV_HOLDING_SK"},
    "FOOTNOTES": {"FOOTNOTE_ID", "FOOTNOTE_TXT"},
    "OWNER_SIGNATURE": {"OWNERSIGNATURENAME"},
}
"""The tables of a data set, by the columns that tell each."""
UNREAD = {"NONDERIV_HOLDING": "a holding", "DERIV_HOLDING": "a holding", "FOOTNOTES": "a footnote", "OWNER_SIGNATURE": "a signature"}
LONGEST_HEADING = 4000


def _table(head: bytes) -> str:
    """Which table a file holds, by its heading; empty where none."""
    heading = re.match(rb"(?:\xef\xbb\xbf)?(ACCESSION_NUMBER\t[A-Z0-9_\t]{1,%d})\r?(?:\n|\Z)" % LONGEST_HEADING, head)
    named = set(heading[1].decode("ascii").split("\t")) if heading else set()
    return next((table for table, telling in TABLES.items() if telling <= named), "")


Wrong = tuple[pl.Expr, pl.Expr]
Reading = tuple[str, dict[str, pl.Expr], list[Wrong]]
"""The table that lines go to, how its columns come about, and what makes a line wrong."""


@source(lambda head: bool(_table(head)))
def edgar_insider_tables(file: File) -> Read:
    """Rows of `listed_forms`, `listed_owners` or `listed_lines`, as the heading tells. Dropped: holdings, footnotes, signatures.

    A line is numbered as in the file, the heading being the first. The data sets give filing dates and no time of acceptance.
    """
    printed, heading = _printed(file)
    table, whole = _table(file.head), pl.col("cells") == len(heading)
    if table in UNREAD:
        return ledger(printed, file, "listed_owners", {}, drop=pl.lit(UNREAD[table]), refuse=first_reason())
    target, columns, wrong = READINGS[table](heading)
    cut = (~whole, pl.format(f"{{}} cells, expected {len(heading)}. The line may be cut off; download the data set again.", "cells"))
    accession = _unless(pl.col("ACCESSION_NUMBER").str.contains(r"^\d{10}-\d{2}-\d{6}$"), "ACCESSION_NUMBER", "0000000000-00-000000")
    return ledger(printed, file, target, {"accession": pl.col("ACCESSION_NUMBER"), **columns}, drop=first_reason(), refuse=first_reason(cut, accession, *wrong))


def _printed(file: File) -> tuple[pl.DataFrame, list[str]]:
    """Every line as cells of text named by the heading, and the heading."""
    lines = file.content.decode("utf-8-sig", errors="replace").split("\n")
    heading = lines[0].rstrip("\r").split("\t")
    numbered = pl.DataFrame({"raw": lines[1:]}, schema={"raw": TEXT}).with_row_index("line", offset=2)
    filled = numbered.with_columns(pl.col("line").cast(COUNT), pl.col("raw").str.strip_suffix("\r")).filter(pl.col("raw") != "")
    split = filled.with_columns(_cells=pl.col("raw").str.split("\t"))
    named = [pl.col("_cells").list.get(n, null_on_oob=True).replace("", None).alias(name) for n, name in enumerate(heading)]
    return split.with_columns(cells=pl.col("_cells").list.len()).with_columns(named).drop("_cells"), heading


def _unless(right: pl.Expr, column: str, expected: str) -> Wrong:
    return unless(right, column, column, expected)


def _day(column: str) -> pl.Expr:
    """A date printed as 31-JUL-2024."""
    return pl.col(column).str.to_date("%d-%b-%Y", strict=False)


def _forms(heading: list[str]) -> Reading:
    ticked = pl.lit(None, dtype=FLAG)
    if "AFF10B5ONE" in heading:
        box = {"1": True, "true": True, "0": False, "false": False}
        ticked = pl.col("AFF10B5ONE").str.to_lowercase().replace_strict(box, default=None, return_dtype=FLAG)
    columns = {
        "form": pl.col("DOCUMENT_TYPE"),
        "filed_on": _day("FILING_DATE"),
        "period_on": _day("PERIOD_OF_REPORT"),
        "original_on": _day("DATE_OF_ORIG_SUB"),
        "issuer_id": pl.format("CIK:{}|{}", pl.col("ISSUERCIK").str.zfill(10), pl.col("ISSUERTRADINGSYMBOL").fill_null("").str.to_uppercase()),
        "under_plan": ticked,
    }
    return "listed_forms", columns, [
        _unless(pl.col("DOCUMENT_TYPE").is_in(FORMS), "DOCUMENT_TYPE", "a Form 3, 4, 5 or an amendment"),
        _unless(_day("FILING_DATE").is_not_null(), "FILING_DATE", "DD-MON-YYYY"),
        _unless(pl.col("ISSUERCIK").str.contains(r"^\d{1,10}$"), "ISSUERCIK", "at most 10 digits"),
    ]  # fmt: skip


def _owners(_: list[str]) -> Reading:
    return (
        "listed_owners",
        {"owner": pl.col("RPTOWNERCIK").str.zfill(10)},
        [_unless(pl.col("RPTOWNERCIK").str.contains(r"^\d{1,10}$"), "RPTOWNERCIK", "at most 10 digits")],
    )


def _lines(heading: list[str]) -> Reading:
    derivative = "DERIV_TRANS_SK" in heading
    sequence = "DERIV_TRANS_SK" if derivative else "NONDERIV_TRANS_SK"
    nth = pl.col(sequence).cast(COUNT, strict=False)
    columns = {
        "number": nth,
        "derivative": pl.lit(derivative),
        "sec_code": pl.col("TRANS_CODE"),
        "acquired": pl.col("TRANS_ACQUIRED_DISP_CD").replace_strict({"A": True, "D": False}, default=None, return_dtype=FLAG),
        "traded_on": _day("TRANS_DATE"),
        "quantity": number(pl.col("TRANS_SHARES")),
        "price": number(pl.col("TRANS_PRICEPERSHARE")),
        "deemed_on": _day("DEEMED_EXECUTION_DATE"),
    }
    return "listed_lines", columns, [
        _unless(nth.is_not_null(), sequence, "a whole number"),
        _unless(pl.col("TRANS_CODE").is_in(CODES), "TRANS_CODE", "a transaction code of Form 4"),
        _unless(_day("TRANS_DATE").is_not_null(), "TRANS_DATE", "DD-MON-YYYY"),
    ]  # fmt: skip


READINGS: dict[str, Callable[[list[str]], Reading]] = {"SUBMISSION": _forms, "REPORTINGOWNER": _owners, "NONDERIV_TRANS": _lines, "DERIV_TRANS": _lines}
"""How each table that is read is read, given its heading."""
