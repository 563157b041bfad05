"""How the report writes days, numbers and names, and how it reads the words of a rule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any
from urllib.parse import quote

from transforms.wording import MONEY

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
DIGITS = 100
"""Precision in which decimals are rounded for print; more than any amount has."""

LABELS = {"profit_max": "greatest gain matched", "profit_liho": "lowest in, highest out"}
"""Keys of evidence that need more words than their names."""


def day(value: date | None) -> str:
    """A day as every sentence writes it: `Tue 2026-03-31`."""
    return "" if value is None else f"{DAYS[value.weekday()][:3]} {value:%Y-%m-%d}"


def long_day(value: date) -> str:
    """A day as a heading writes it: `Tuesday 31 March 2026`."""
    return f"{DAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]} {value.year}"


def number(value: Decimal | int) -> str:
    """A number with thousands separators and without needless zeros."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal | int) -> str:
    """An amount with two decimals, rounded half up, and thousands separators."""
    with localcontext() as context:
        context.prec = DIGITS
        return f"{Decimal(value).quantize(Decimal('0.01'), ROUND_HALF_UP):,f}"


def price(value: Decimal) -> str:
    """A price: two decimals, or up to four where it has more."""
    with localcontext() as context:
        context.prec = DIGITS
        whole, _, cents = number(value.quantize(Decimal("0.0001"), ROUND_HALF_UP)).partition(".")
    return f"{whole}.{cents:0<2}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 case`, `3 cases`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def label(key: str) -> str:
    """A key of evidence as the report prints it."""
    return LABELS.get(key, plain(key))


def plain(name: str) -> str:
    """A name of the program as words: `opens_on` is `opens on`."""
    return name.replace("_", " ")


def value_of(reading: str) -> str:
    """A value of a reading as words: `first_day` is `first day`, `v_e` is `V.E`."""
    return {"v_e": "V.E", "vii_b": "VII.B", "vi_b_only": "VI.B only", "section_16": "Section 16 only"}.get(reading, plain(reading))


def would_be(row: Mapping[str, Any]) -> str:
    """What a finding would be under another reading, from a row of OTHERWISE."""
    if row["there"] is None:
        return "it would be no finding"
    if row["there"] == row["here"] and row["amount"]:
        return f"the amount would be {money(Decimal(row['amount']))} US dollars"
    return f"it would be {row['there']}"


def anchor(kind: str, name: str) -> str:
    """The place in the report of a rule, case, person or clause, fit for an address."""
    return f"{kind}-{quote(name)}"


def finding_anchor(finding_id: str) -> str:
    """The place of a finding: its id, quoted for an address."""
    return quote(finding_id)


def told(key: str, value: object) -> str:
    """A value of evidence as the report prints it."""
    if value is None:
        return "none on record"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(told(key, each) for each in value)
    if isinstance(value, Decimal | int):
        return f"{money(value)} US dollars" if key in MONEY else number(value)
    return _dated(str(value)) or plain(str(value)) if key in {"reason", "fields"} else _dated(str(value)) or str(value).replace(";", "; ")


def _dated(text: str) -> str:
    """A date, or an instant of New York, where the text is one; else nothing."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return day(date.fromisoformat(text))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}", text):
        return clock(datetime.fromisoformat(text))
    return ""


def clock(value: datetime) -> str:
    """An instant as the wall clock of its zone shows it."""
    return f"{day(value.date())} {value:%H:%M:%S}"


@dataclass(frozen=True)
class Words:
    """A rule's own words, by their parts."""

    title: str
    counts: str
    not_seen: str
    steps: tuple[str, ...]


def words_of(text: str) -> Words:
    """Read a rule's words: its first line, `What counts`, `Not seen` and the numbered steps of `To review`."""
    title, _, body = text.partition("\n")
    parts = re.split(r"^(What counts|Not seen|To review):\s*", body, flags=re.MULTILINE)
    named = dict(zip(parts[1::2], (" ".join(part.split()) for part in parts[2::2]), strict=True))
    counts = " ".join([*parts[0].split(), named.get("What counts", "")]).strip()
    steps = tuple(step.strip(" ;") for step in re.split(r"(?:^|\s)\d\.\s", named.get("To review", "")) if step.strip(" ;"))
    return Words(title.rstrip("."), _sentence(counts), _sentence(named.get("Not seen", "")), tuple(_sentence(step) for step in steps))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
