"""Filings about the issuer with the time from which each counts, and the filing that an amendment goes back to."""

from datetime import date

import polars as pl

from transforms.accessions import with_filing_dates
from transforms.chains import followed
from transforms.deadlines import cut_off
from transforms.policy import Policy
from transforms.wording import iso_instant

FILED = ["accepted_at", "accepted_by", "accepted", "accepted_said", "filed_on"]
"""When a form was accepted, in every shape that is asked for."""


def dated_filings(filings: pl.DataFrame, acceptances: pl.DataFrame, policy: Policy, as_of: date) -> pl.DataFrame:
    """One row a filing about the policy's issuer, an owner.

    `filed_on`: the date of acceptance, else the filing date of a list or header; `accepted_by`: the instant of acceptance, else
    the last one that has the filing date (17 CFR 232.13(a)(4)); `accepted`, `accepted_said`: the instant, or the date where only
    that is known, as text. `root_id`: the first filing of the chain that an amendment belongs to.
    """
    ours = filings.filter(pl.col("issuer_id") == policy.issuer_id)
    dated = with_filing_dates(ours, acceptances).with_columns(root_id=_amended(ours))
    on = pl.col("filed_on")
    rooted = followed(dated.filter(on.is_null() | (on <= as_of)), "accession")
    return rooted.with_columns(
        accepted_by=pl.coalesce("accepted_at", cut_off(on, policy)),
        accepted=pl.coalesce(iso_instant(pl.col("accepted_at")), on.cast(pl.String)),
        accepted_said=pl.coalesce(pl.col("accepted_at").dt.to_string("%a %Y-%m-%d %H:%M:%S"), on.dt.to_string("%a %Y-%m-%d")),
    )


def _amended(filings: pl.DataFrame) -> pl.Expr:
    known = pl.col("amends").is_in(filings["accession"].implode()).fill_null(value=False)
    return pl.when(known).then("amends").otherwise("accession")
