"""What every form from EDGAR has around it: the SGML header of a submission, and the XML inside."""

import re

import polars as pl

from transforms.tables import TEXT, TIME_ZONE

WRAPPER = rb"\s*(-----BEGIN PRIVACY|<SEC-DOCUMENT>|<SEC-HEADER>|<SUBMISSION>|<IMS-DOCUMENT>)"
"""How a submission begins, as EDGAR stores or sends it."""


def parts(content: bytes, root: bytes) -> tuple[str, bytes, int]:
    """The SGML header (empty for bare XML), the document with a root element (empty where there is none) and its first line."""
    if not re.match(WRAPPER, content):
        return "", content, 1
    blocks = re.finditer(rb"<XML>(.*?)(?:</XML>|\Z)", content, re.DOTALL)
    span = next((block.span(1) for block in blocks if root in block[1]), (len(content), len(content)))
    return content[: span[0]].decode("latin-1"), content[slice(*span)], content[: span[0]].count(b"\n") + 1


def of_header(header: str, pattern: str) -> str | None:
    """What the header says where the pattern's first group stands."""
    found = re.search(pattern, header)
    return found[1] if found else None


def accepted_at(header: str) -> pl.Expr:
    """ACCEPTANCE-DATETIME of the header, Eastern time without an offset; null where there is none."""
    printed = pl.lit(of_header(header, r"<ACCEPTANCE-DATETIME>\s*(\d+)"), dtype=TEXT)
    return printed.str.to_datetime("%Y%m%d%H%M%S", strict=False).dt.replace_time_zone(TIME_ZONE, ambiguous="null", non_existent="null")
