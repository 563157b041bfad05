"""The chapter on Section 16: what is due next, each transaction four ways, what a trade today would match, and late filers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

import polars as pl

from transforms.facts.four_ways import LEGS
from transforms.late_filers import LATE_FILERS
from transforms.policy import Policy
from transforms.reports.pages import page
from transforms.reports.people import Facts, People
from transforms.reports.words import day, money, number, price

LISTED = 100
"""Transactions that each table of four ways lists, the latest first."""
HEADINGS = {"broker": "Statement", "clearance": "Clearance", "report": "Internal report", "edgar": "EDGAR"}
MARKS = {"there": "yes", "explained": "explained", "absent": "no", "open": "not known"}
"""How the table writes the state of a leg."""


@dataclass(frozen=True)
class Due:
    """Something that falls due."""

    on: str
    name: str
    what: str
    about: str


@dataclass(frozen=True)
class Leg:
    """One way in which a transaction is looked for: its state, and where it is or why it is not."""

    state: str
    mark: str
    said: str


@dataclass(frozen=True)
class Way:
    """A transaction, four ways."""

    name: str
    what: str
    on: str
    subject: str
    case: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True)
class Side:
    """What a sale, or a purchase, would match."""

    free_on: str
    units: str
    adds: str


@dataclass(frozen=True)
class Outlook:
    """What a trade of one insider and class today would match."""

    name: str
    share_class: str
    price: str
    priced_on: str
    sale: Side
    purchase: Side


@dataclass(frozen=True)
class Late:
    """A late filer of a fiscal year."""

    name: str
    reports: int
    transactions: int
    failures: int


@dataclass(frozen=True)
class Section16:
    """The chapter."""

    due: tuple[Due, ...]
    lacking: tuple[Way, ...]
    whole: tuple[Way, ...]
    counts: Mapping[str, int]
    headings: tuple[str, ...]
    outlooks: tuple[Outlook, ...]
    years: tuple[tuple[str, tuple[Late, ...]], ...]

    @property
    def unlisted(self) -> int:
        """Transactions that are counted but not listed."""
        return self.counts["all"] - len(self.lacking) - len(self.whole)


def section_16(facts: Facts, late: pl.DataFrame, cases: Mapping[str, str], people: People) -> Section16:
    """The chapter of a night; `cases` gives the place of each case by person and matter."""
    ways = facts["four_ways"]
    lacking = pl.any_horizontal(pl.col(leg) == "absent" for leg in LEGS)
    open_ways = pl.any_horizontal(pl.col(leg) == "open" for leg in LEGS)
    counts = {"all": len(ways), "absent": len(ways.filter(lacking)), "open": len(ways.filter(open_ways & ~lacking))}
    latest = ways.sort(lacking, "traded_on", "person_id", "root_id", descending=[True, True, False, False])
    told, whole = (
        tuple(_way(row, people, cases) for row in latest.filter(which).head(LISTED).iter_rows(named=True))
        for which in (lacking | open_ways, ~(lacking | open_ways))
    )
    due = tuple(Due(day(row["due_on"]), people.name(row["person_id"]), row["what"], row["about"]) for row in facts["due_next"].iter_rows(named=True))
    outlooks = tuple(_outlook(row, people) for row in facts["swing_outlook"].iter_rows(named=True))
    return Section16(due, told, whole, counts, tuple(HEADINGS[leg] for leg in LEGS), outlooks, years_of(late, people))


def _way(row: Mapping[str, Any], people: People, cases: Mapping[str, str]) -> Way:
    legs = tuple(Leg(row[leg], MARKS[row[leg]], row[f"{leg}_said"] or "") for leg in LEGS)
    kind = str(row["kind"]).replace("_", " ")
    what = f"{kind} of {number(row['quantity'])} {row['symbol'] or ''}".strip()
    return Way(people.name(row["person_id"]), what, day(row["traded_on"]), row["root_id"], cases.get(f"{row['person_id']}/{row['subject']}", ""), legs)


def _outlook(row: Mapping[str, Any], people: People) -> Outlook:
    sale, purchase = (
        Side(
            day(row[f"{way}_free_on"]),
            number(row[f"{way}_units"]) if row[f"{way}_units"] else "",
            "" if row[f"{way}_adds"] is None else money(row[f"{way}_adds"]),
        )
        for way in ("sale", "purchase")
    )
    return Outlook(
        people.name(row["person_id"]), row["share_class"], "" if row["price"] is None else price(row["price"]), day(row["priced_on"]), sale, purchase
    )


def years_of(late: pl.DataFrame, people: People) -> tuple[tuple[str, tuple[Late, ...]], ...]:
    """Late filers by fiscal year, the latest first, by name."""
    rows = late.select(*LATE_FILERS).rows()
    named = [(year, Late(people.name(person), *counts)) for year, person, *counts in rows]
    return tuple(
        (str(year), tuple(sorted((each for _, each in group), key=lambda each: each.name.casefold())))
        for year, group in groupby(named, key=lambda each: each[0])
    )


def render_item_405(late: pl.DataFrame, people: People, policy: Policy, as_of: date, program: str) -> str:
    """The proxy statement's table of late filers as one HTML page (17 CFR 229.405)."""
    issuer = policy.issuer_name
    return page("item_405.html").render(issuer=issuer, years=years_of(late, people), as_of=as_of, program=program)


def outlook_lines(row: Mapping[str, Any]) -> list[str]:
    """What a trade on the night would match, as lines of text."""
    at = "no price is on record" if row["price"] is None else f"at {price(row['price'])} US dollars"
    lines = []
    for way in ("sale", "purchase"):
        free_on, units, adds = row[f"{way}_free_on"], row[f"{way}_units"], row[f"{way}_adds"]
        if free_on is None:
            lines.append(f"A {way} would match nothing on record.")
            continue
        amount = (
            f"What it would add to the greatest gain is not known ({at})."
            if adds is None
            else f"So many {at} would add {money(Decimal(adds))} US dollars to the greatest gain."
        )
        many = f"up to {number(units)} units" if units else "a number of units that is not known"
        lines.append(f"A {way} could match {many}. {amount} From {day(free_on)} on a {way} would match nothing on record.")
    return lines
