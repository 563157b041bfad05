"""Documents as PDF, by Typst: tagged for screen readers, the same bytes for the same document, and no browser or system library. The only importer of typst."""

from pathlib import Path

import typst

from transforms.reports.documents import Document, as_data

TEMPLATE = Path(__file__).with_name("document.typ")
NO_TIME = 0
"""The time that a PDF names as that of its making, so that it comes out the same each time."""


def as_pdf(document: Document) -> bytes:
    """The document as PDF."""
    made: bytes = typst.compile(str(TEMPLATE), format="pdf", sys_inputs={"data": as_data(document)}, timestamp=NO_TIME)
    return made
