"""A document that is both a web page and a PDF: headings, tables and pictures, told once."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from markupsafe import Markup, escape

from transforms.reports.pages import page

BREAKS = re.compile(r"(?<=[|:/_#-])(?=\S)")
DASH = "\u2013"
"""What stands in an empty cell, and for what is not known."""
LONG_WORD, BREAK = 16, "\u200b"
DAY = re.compile(r"(\w{3} )?\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?")


@dataclass(frozen=True)
class Sheet:
    """A table: its columns, rows of text, and what is said where it has none. `wide` = columns that share the room that is left, one named twice for two parts of it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "None on record."
    numbers: tuple[int, ...] = ()
    wide: tuple[int, ...] = (0,)
    boxes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, what it says in a sentence, and the table behind it."""

    name: str
    said: str
    svg: str
    sheet: Sheet


@dataclass(frozen=True)
class Part:
    """A part of a document."""

    heading: str
    lede: str = ""
    sheets: tuple[Sheet, ...] = ()
    lines: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document: its title, what stands under it, its parts, and its last line."""

    title: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    foot: str
    banner: str = ""
    is_landscape: bool = False
    signature: tuple[str, ...] = field(default=())


def as_html(document: Document) -> str:
    """The document as one page that opens offline."""
    return page("document.html").render(document=document, breakable=breakable)


def as_data(document: Document) -> str:
    """The document as JSON for the PDF's template; long ids may be broken where they have a mark."""
    return json.dumps(_breakable(asdict(document)), ensure_ascii=False)


def breakable(text: str) -> Markup:
    """A cell as HTML: a day stays whole, a long id may be broken where it has a mark."""
    if DAY.fullmatch(text):
        return Markup('<span class="day">{}</span>').format(text)
    return Markup("<wbr>").join(escape(part) for part in _broken(text).split(BREAK))


def _broken(text: str) -> str:
    return re.sub(rf"\S{{{LONG_WORD},}}", lambda found: BREAKS.sub(BREAK, found.group()), text)


def _breakable(value: object) -> object:
    if isinstance(value, dict):
        return {key: each if key == "svg" else _breakable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(each) for each in value]
    if isinstance(value, str):
        return _broken(value)
    return value


def sheet(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str | None]], **more: object) -> Sheet:
    """A table of whatever rows; an empty cell is a dash."""
    return Sheet(caption, tuple(columns), tuple(tuple(cell if cell not in {None, ""} else DASH for cell in row) for row in rows), **more)  # type: ignore[arg-type, misc]
