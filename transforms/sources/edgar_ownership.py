"""Forms 3, 4 and 5 and their amendments: ownership XML, bare or inside a submission as EDGAR stores or sends it."""

import re

import polars as pl

from transforms.sources import File, Read, first_reason, ledger, number, source, unless
from transforms.sources._edgar import Form, opened, wraps
from transforms.sources._xml import Node
from transforms.tables import COUNT, FLAG, TEXT

FORMS = ("3", "4", "5", "3/A", "4/A", "5/A")
CODES = list("PSVADFIMCEHOXGLWZJKU")
"""Transaction codes of General Instruction 8 to Form 4."""
PLAN = r"(?i)10b-?5[\s\-\u2010-\u2015]*1"
NO_PLAN = r"(?i)\b(not|neither|nor)\b[^.]{0,80}10b-?5"
NO_SYMBOL = ("", "-", "N/A", "NA", "NONE", "[NONE]")
"""What filers type where an issuer has no trading symbol."""
CELLS = {
    "code": "transactionCoding/transactionCode",
    "moved": "transactionAmounts/transactionAcquiredDisposedCode/value",
    "date": "transactionDate/value",
    "shares": "transactionAmounts/transactionShares/value",
    "cost": "transactionAmounts/transactionPricePerShare/value",
    "deemed": "deemedExecutionDate/value",
}
PRINTED = dict.fromkeys((*CELLS, "accession", "element", "notes", "raw"), TEXT) | {"number": COUNT, "line": COUNT}


def _recognises(head: bytes) -> bool:
    wrapped = wraps(head, FORMS)
    if wrapped is not None:
        return wrapped
    bare = re.match(rb"(\xef\xbb\xbf)?\s*<(\?xml|!|(\w+:)?ownershipDocument)", head)
    return bool(bare and re.search(rb"<(\w+:)?ownershipDocument[\s>]", head))


@source(_recognises)
def edgar_ownership(file: File) -> Read:
    """Rows of `filings`, one an owner, and `filing_lines`, one a transaction and owner. Dropped: holdings.

    A joint filing has one accession; from the second owner on it is written `accession:CIK`. A bare document has
    neither accession nor time of acceptance: its accession is `none:` and a hash, completed from EDGAR's lists.
    Where a header gives ACCEPTANCE-DATETIME, it is Eastern time without an offset; its filing date is a row of
    `acceptances`. An amendment names what it amends as `filed:` and a date. Ids of people and issuers are
    EDGAR's numbers, resolved later. A plan is one that the checkbox or a footnote of the line names.
    """
    form = opened(file, b"ownershipDocument", _impossible)
    if isinstance(form, Read):
        return form
    accessions = form.accessions([node.text for node in form.document.findall("reportingOwner/reportingOwnerId/rptOwnerCik")])
    lines = _lines(file, form.document, list(accessions.values()))
    return _filings(file, form, accessions) + lines + form.filed(form.document.value("documentType"))


def _impossible(form: Node) -> str | None:
    """Why a document as a whole can't be read, or none: its type, period, issuer and owners must be right."""
    if form.tag != "ownershipDocument":
        return f"the root element is {form.tag}, expected ownershipDocument. Give the XML of a Form 3, 4 or 5."
    if form.value("documentType") not in FORMS:
        return f"documentType is {form.value('documentType') or 'empty'}, expected one of {', '.join(FORMS)}. Correct the file."
    owners = [owner.value("reportingOwnerId/rptOwnerCik") for owner in form.findall("reportingOwner")]
    for name, cik in [("issuerCik", form.value("issuer/issuerCik")), *(("rptOwnerCik", owner) for owner in owners or [None])]:
        if not re.fullmatch(r"[0-9]{1,10}", cik or ""):
            return f"{name} is {cik or 'empty'}, expected at most 10 digits. Correct the file."
    period = form.value("periodOfReport")
    if period and pl.DataFrame({"period": [period]}).select(_date("period")).item() is None:
        return f"periodOfReport is {period}, expected YYYY-MM-DD. Correct the file."
    return None


def _symbol(form: Node) -> str:
    symbol = (form.value("issuer/issuerTradingSymbol") or "").upper()
    return "" if symbol in NO_SYMBOL else symbol


def _filings(file: File, opened: Form, accessions: dict[str, str]) -> Read:
    """One row of `filings` for each owner."""
    form = opened.document
    printed = pl.DataFrame({"owner": list(accessions), "accession": list(accessions.values())}).with_columns(
        line=pl.lit(form.line),
        raw=pl.col("owner"),
        original=pl.lit(form.value("dateOfOriginalSubmission"), dtype=TEXT),
        period=pl.lit(form.value("periodOfReport"), dtype=TEXT),
    )
    columns = {
        "accession": pl.col("accession"),
        "form": pl.lit(form.value("documentType")),
        "person_id": pl.format("CIK:{}", "owner"),
        "issuer_id": pl.lit(f"CIK:{(form.value('issuer/issuerCik') or '').zfill(10)}|{_symbol(form)}"),
        "accepted_at": opened.accepted_at,
        "period_on": _date("period"),
        "amends": pl.format("filed:{}", _date("original").cast(TEXT)),
    }
    return ledger(printed, file, "filings", columns, drop=first_reason(), refuse=first_reason())


def _lines(file: File, form: Node, accessions: list[str]) -> Read:
    """One row of `filing_lines` for each transaction and owner, non-derivative table first; a drop for each holding."""
    entries = [*form.findall("nonDerivativeTable/*"), *form.findall("derivativeTable/*")]
    notes = {note.attributes.get("id", ""): note.text for note in form.findall("footnotes/footnote")}
    transactions = [_printed(entry, notes) for entry in entries if not entry.tag.endswith("Holding")]
    holdings = [{"element": entry.tag, "line": entry.line} for entry in entries if entry.tag.endswith("Holding")]
    rows = [{**cells, "accession": accession, "number": nth} for accession in accessions for nth, cells in enumerate(transactions, start=1)]
    printed = pl.DataFrame(rows + holdings, schema=PRINTED)
    checkbox = (form.value("aff10b5One") or "").lower()
    symbol = pl.when(pl.col("element") == "nonDerivativeTransaction").then(pl.lit(_symbol(form) or None, dtype=TEXT))
    boxed = pl.lit({"1": True, "true": True, "0": False, "false": False}.get(checkbox), dtype=FLAG)
    planned = pl.when(pl.col("notes").str.contains(PLAN)).then(pl.lit(value=True)).otherwise(boxed)
    drop = first_reason((pl.col("element").str.ends_with("Holding"), "a holding, not a transaction"))
    return ledger(printed, file, "filing_lines", _columns() | {"symbol": symbol, "under_plan": planned}, drop=drop, refuse=_refuse())


def _printed(entry: Node, notes: dict[str, str]) -> dict[str, str | int | None]:
    """The cells of a transaction as printed, with the text of the footnotes that it names; one that denies a plan is left out."""
    cells = {name: entry.value(path) for name, path in CELLS.items()}
    named = [notes.get(node.attributes.get("id", ""), "") for node in entry.walk() if node.tag == "footnoteId"]
    said = "\n".join(note for note in named if not re.search(NO_PLAN, note))
    return {**cells, "element": entry.tag, "notes": said, "line": entry.line, "raw": ",".join(cell or "" for cell in cells.values())}


def _date(column: str) -> pl.Expr:
    """A date, which may carry a zone (xs:date); null if it is none."""
    return pl.col(column).str.extract(r"^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$").str.to_date("%Y-%m-%d", strict=False)


def _columns() -> dict[str, pl.Expr]:
    return {
        "accession": pl.col("accession"),
        "line": pl.col("number"),
        "derivative": pl.col("element") == "derivativeTransaction",
        "sec_code": pl.col("code"),
        "acquired": pl.col("moved").replace_strict({"A": True, "D": False}, default=None, return_dtype=FLAG),
        "traded_on": _date("date"),
        "quantity": number(pl.col("shares")),
        "price": number(pl.col("cost")),
        "deemed_on": _date("deemed"),
    }


def _refuse() -> pl.Expr:
    def cell(right: pl.Expr, column: str, expected: str, *, empty: bool = False) -> tuple[pl.Expr, pl.Expr]:
        return unless(right, column, CELLS[column].removesuffix("/value").rpartition("/")[2], expected, empty=empty)

    transaction = pl.col("element").is_in(["nonDerivativeTransaction", "derivativeTransaction"])
    return first_reason(
        (~transaction, pl.format("the element {} is not known, expected a transaction or a holding. Add it to the source.", "element")),
        cell(pl.col("code").is_in(CODES), "code", "a transaction code of Form 4"),
        cell(_date("date").is_not_null(), "date", "YYYY-MM-DD"),
        cell(number(pl.col("shares")) >= 0, "shares", "a number of 0 or more"),
        cell(pl.col("moved").is_in(["A", "D"]), "moved", "A or D", empty=True),
        cell(number(pl.col("cost")) >= 0, "cost", "a number of 0 or more", empty=True),
        cell(_date("deemed").is_not_null(), "deemed", "YYYY-MM-DD", empty=True),
    )
