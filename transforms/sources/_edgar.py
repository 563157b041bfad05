"""What every form from EDGAR has around it: the SGML header of a submission, the XML inside, its accession and dates."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from transforms.sources import File, Read, first_reason, ledger, refusal
from transforms.sources._xml import Node, Unreadable, parse
from transforms.tables import TEXT, TIME_ZONE

WRAPPER = rb"\s*(-----BEGIN PRIVACY|<SEC-DOCUMENT>|<SEC-HEADER>|<SUBMISSION>|<IMS-DOCUMENT>)"
"""How a submission begins, as EDGAR stores or sends it."""


@dataclass(frozen=True)
class Form:
    """A form as XML: its document, the header around it (empty for bare XML) and its accession."""

    file: File
    document: Node
    header: str
    accession: str

    def accessions(self, owners: list[str]) -> dict[str, str]:
        """The accession for each owner: as it is for the first one, `accession:CIK` for the others."""
        distinct = dict.fromkeys(owner.zfill(10) for owner in owners)
        return {owner: f"{self.accession}:{owner}" if nth else self.accession for nth, owner in enumerate(distinct)}

    @property
    def accepted_at(self) -> pl.Expr:
        """ACCEPTANCE-DATETIME of the header, Eastern time without an offset; null where there is none."""
        printed = pl.lit(_of(self.header, r"<ACCEPTANCE-DATETIME>\s*(\d+)"), dtype=TEXT)
        return printed.str.to_datetime("%Y%m%d%H%M%S", strict=False).dt.replace_time_zone(TIME_ZONE, ambiguous="null", non_existent="null")

    def filed(self, kind: str | None) -> Read:
        """A row of `acceptances` with the filing date of the header, where it has one."""
        filed = _of(self.header, r"(?:FILED AS OF DATE:|<FILING-DATE>)\s*(\d{8})")
        if not filed or self.accession.startswith("none:"):
            return Read()
        printed = pl.DataFrame({"filed": [filed], "line": [1], "raw": [filed]})
        filed_on = pl.col("filed").str.to_date("%Y%m%d", strict=False)
        columns = {"accession": pl.lit(self.accession), "listed_for": pl.lit("header"), "form": pl.lit(kind), "filed_on": filed_on}
        what = f"the header gives the filing date {filed}, expected YYYYMMDD. Correct the file."
        return ledger(printed, self.file, "acceptances", columns, drop=first_reason(), refuse=first_reason((filed_on.is_null(), what)))


def wraps(head: bytes, forms: tuple[str, ...]) -> bool | None:
    """Whether a submission holds one of the forms, more than its header alone; none where the file is no submission."""
    if not re.match(WRAPPER, head):
        return None
    typed = re.search(rb"(?:CONFORMED SUBMISSION TYPE:|<TYPE>)\s*([^\s<]+)", head)
    return typed is not None and typed[1].decode("latin-1") in forms and not head.rstrip().endswith(b"</SEC-HEADER>")


def opened(file: File, root: bytes, wrong: Callable[[Node], str | None]) -> Form | Read:
    """The form of a file, or the refusal of the file as a whole: broken XML, or what `wrong` says of it."""
    header, document, first_line = _parts(file.content, root)
    try:
        form = parse(document, first_line)
    except Unreadable as broken:
        return refusal(file, broken.line, broken.reason)
    if reason := wrong(form):
        return refusal(file, form.line, reason)
    number = _of(header, r"ACCESSION[ -]NUMBER[:>]\s*(\d{10}-\d{2}-\d{6})")
    return Form(file, form, header, number or "none:" + hashlib.sha256(file.content).hexdigest()[:12])


def _parts(content: bytes, root: bytes) -> tuple[str, bytes, int]:
    """The SGML header (empty for bare XML), the document with a root element (empty where there is none) and its first line."""
    if not re.match(WRAPPER, content):
        return "", content, 1
    blocks = re.finditer(rb"<XML>(.*?)(?:</XML>|\Z)", content, re.DOTALL)
    span = next((block.span(1) for block in blocks if root in block[1]), (len(content), len(content)))
    return content[: span[0]].decode("latin-1"), content[slice(*span)], content[: span[0]].count(b"\n") + 1


def _of(header: str, pattern: str) -> str | None:
    found = re.search(pattern, header)
    return found[1] if found else None
