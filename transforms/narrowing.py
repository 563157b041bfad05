"""A smaller book that still holds everything about certain people."""

import polars as pl

from transforms.facts.clearance_parties import clearance_parties
from transforms.tables import TABLES

Tables = dict[str, pl.DataFrame]
BY_PERSON = ("reports", "filings", "plans", "elections", "attestations", "lists")
BY_ACCOUNT = ("trades", "holdings", "orders")


def narrowed(tables: Tables, people: pl.Series) -> Tables:
    """Tables with the rows of the people, of everyone tied to them, and of all who share an account or a clearance.

    What is judged of those people is the same as in the whole book. Tables that belong to everybody stay whole.
    """
    known = _closure(tables, people)
    accounts = tables["accounts"].filter(pl.col("holder_id").is_in(known.implode()))
    kept = {name: frame for name, frame in tables.items() if name in TABLES}
    kept["accounts"] = tables["accounts"].join(accounts.select("account_id").unique(), on="account_id", how="semi")
    for name in BY_ACCOUNT:
        kept[name] = tables[name].join(kept["accounts"].select("account_id").unique(), on="account_id", how="semi")
    for name in BY_PERSON:
        kept[name] = tables[name].filter(pl.col("person_id").is_in(known.implode()) | (pl.col("person_id") == "*"))
    kept["filing_lines"] = tables["filing_lines"].join(kept["filings"].select("accession"), on="accession", how="semi")
    kept["clearances"] = _parties(tables["clearances"]).filter(pl.col("party").is_in(known.implode())).select("clearance_id").unique().join(
        tables["clearances"], on="clearance_id"
    ).select(tables["clearances"].columns)  # fmt: skip
    return kept


def _parties(clearances: pl.DataFrame) -> pl.DataFrame:
    """Everyone whom a clearance ties together, whoever decided it included."""
    return pl.concat([clearance_parties(clearances), clearances.select("clearance_id", party="decided_by").drop_nulls()])


def _closure(tables: Tables, people: pl.Series) -> pl.Series:
    """Everyone reached from the people over ties, joint accounts, shared clearances and gifts."""
    holders = tables["accounts"].select("account_id", "holder_id").unique()
    given = tables["trades"].filter(pl.col("recipient_id").is_not_null()).select("account_id", other="recipient_id").join(holders, on="account_id")
    shared = holders.join(holders, on="account_id", suffix="_other").select(one="holder_id", other="holder_id_other")
    asked = clearance_parties(tables["clearances"])
    together = asked.join(asked, on="clearance_id", suffix="_other").select(one="party", other="party_other")
    ties = tables["relations"].select(one="person_id", other="related_id")
    links = pl.concat([shared, together, ties, ties.select(one="other", other="one"), given.select(one="holder_id", other="other")]).unique().filter(
        pl.col("one") != pl.col("other")
    )  # fmt: skip
    known = people.unique()
    while True:
        reached = links.filter(pl.col("one").is_in(known.implode()))["other"]
        wider = pl.concat([known, reached]).unique()
        if len(wider) == len(known):
            return known
        known = wider
