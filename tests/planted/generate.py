"""The planted book: the issuer, every fault and twin several times over, and an innocent crowd up to the number of trades asked for."""

import csv
from pathlib import Path

import polars as pl

from tests.planted import issuer
from tests.planted.book import Book
from tests.planted.registry import every_plant, the_crowd
from tests.worlds import csv_text, policy_text
from transforms.tables import TABLES

TRADES_A_ROUND = 2_000
AS_PARQUET = ("trades", "clearances", "filing_lines")


def planted_book(trades: int, seed: int) -> Book:
    """A book of about so many trades; each fault and each twin is planted once for every two thousand of them."""
    book = Book(seed)
    _the_issuer(book)
    for _ in range(max(trades // TRADES_A_ROUND, 1)):
        for plant in every_plant():
            plant.into(book)
    while len(book.rows["trades"]) < trades:
        innocent = book.random.choice(the_crowd())
        book.sowing = innocent.__name__
        innocent(book)
    book.sowing = "the notices"
    book.file_every_notice()
    return book


def _the_issuer(book: Book) -> None:
    for person, role in issuer.APPROVERS.items():
        book.add("people", person_id=person, name=role)
        book.add("roles", person_id=person, role=role, from_on=issuer.SINCE)
    for name, rows in {"securities": issuer.SECURITIES, "corporate_actions": issuer.CORPORATE_ACTIONS}.items():
        book.rows[name].extend(rows)
    for announcement, kind, quarter, day, moment in issuer.ANNOUNCEMENTS:
        book.add(
            "announcements", announcement_id=announcement, issuer_id=issuer.ISSUER, kind=kind, quarter_ended_on=quarter, announced_on=day, announced_at=moment
        )
    for form, quarter, moment in issuer.PERIODIC_FILINGS:
        book.add("periodic_filings", form=form, quarter_ended_on=quarter, accepted_at=moment)


def write(book: Book, folder: Path) -> None:
    """The book as a data folder, some tables as CSV and some as Parquet, with the policy; rows in no order."""
    for name, rows in book.rows.items():
        book.random.shuffle(rows)
        said = csv_text(name, rows)
        if name in AS_PARQUET:
            _as_parquet(name, said, folder)
        else:
            (folder / f"{name}.csv").write_text(said, encoding="utf-8")
    (folder / "policy.toml").write_text(policy_text({}), encoding="utf-8")


def _as_parquet(name: str, said: str, folder: Path) -> None:
    cells = [[cell or None for cell in row] for row in csv.reader(said.splitlines()[1:])]
    pl.DataFrame(cells, schema=dict.fromkeys(TABLES[name].names, pl.String), orient="row").write_parquet(folder / f"{name}.parquet")
