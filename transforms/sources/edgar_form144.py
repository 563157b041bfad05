"""Form 144, the notice of a proposed sale: XML, bare or inside a submission as EDGAR stores it."""

import re

import polars as pl

from transforms.sources import File, Read, first_reason, ledger, source
from transforms.sources._edgar import opened, wraps
from transforms.sources._xml import Node

FORMS = ("144", "144/A")


def _recognises(head: bytes) -> bool:
    wrapped = wraps(head, FORMS)
    if wrapped is not None:
        return wrapped
    told = re.search(rb"<(?:\w+:)?submissionType>\s*144(?:/A)?\s*<", head)
    return bool(re.match(rb"(\xef\xbb\xbf)?\s*<(\?xml|(\w+:)?edgarSubmission)", head) and b"edgarSubmission" in head and told)


@source(_recognises)
def edgar_form144(file: File) -> Read:
    """Rows of `filings`, one a filer: whose account is to be sold from. `period_on` is the day of the notice.

    A bare document has neither accession nor time of acceptance: its accession is `none:` and a hash, completed from EDGAR's
    lists. What the notice says of shares and sales is not read: the form on record is what counts.
    """
    opening = opened(file, b"edgarSubmission", _wrong)
    if isinstance(opening, Read):
        return opening
    form, accessions = opening.document, opening.accessions([node.text for node in _filers(opening.document)])
    printed = pl.DataFrame({"owner": list(accessions), "accession": list(accessions.values())}).with_columns(
        line=pl.lit(form.line), raw=pl.col("owner"), noticed=pl.lit(form.value("formData/noticeSignature/noticeDate"), dtype=pl.String)
    )
    columns = {
        "accession": pl.col("accession"),
        "form": pl.lit(form.value("headerData/submissionType")),
        "person_id": pl.format("CIK:{}", "owner"),
        "issuer_id": pl.lit(f"CIK:{(form.value('formData/issuerInfo/issuerCik') or '').zfill(10)}|"),
        "accepted_at": opening.accepted_at,
        "period_on": pl.col("noticed").str.to_date("%m/%d/%Y", strict=False),
    }
    return ledger(printed, file, "filings", columns, drop=first_reason(), refuse=first_reason()) + opening.filed(form.value("headerData/submissionType"))


def _filers(form: Node) -> list[Node]:
    return form.findall("headerData/filerInfo/filer/filerCredentials/cik")


def _wrong(form: Node) -> str | None:
    """Why a document as a whole can't be read, or none."""
    if form.tag != "edgarSubmission":
        return f"the root element is {form.tag}, expected edgarSubmission. Give the XML of a Form 144."
    if form.value("headerData/submissionType") not in FORMS:
        return f"submissionType is {form.value('headerData/submissionType') or 'empty'}, expected one of {', '.join(FORMS)}. Correct the file."
    for name, cik in [("issuerCik", form.value("formData/issuerInfo/issuerCik")), *(("cik", each.text) for each in _filers(form) or [Node("", {}, "", 0)])]:
        if not re.fullmatch(r"[0-9]{1,10}", cik or ""):
            return f"{name} is {cik or 'empty'}, expected at most 10 digits. Correct the file."
    return None
