"""EDGAR's accession numbers: one a submission, with the owner after it from the second owner of a joint one on."""

import polars as pl

WHOLE = pl.col("accession").str.split(":").list.first()
"""The submission's own number."""


def of_owner(accession: pl.Expr, owner: pl.Expr, nth: pl.Expr) -> pl.Expr:
    """The accession of a submission for its nth owner: as it is for the first one, `accession:CIK` for the others."""
    return pl.when(nth == 0).then(accession).otherwise(pl.concat_str([accession, owner], separator=":"))


def with_filing_dates(filings: pl.DataFrame, acceptances: pl.DataFrame) -> pl.DataFrame:
    """Filings with `filed_on`: the date of acceptance, else the filing date of a list, a header or a data set."""
    listed = acceptances.group_by(_whole="accession").agg(_listed_on=pl.col("filed_on").min())
    both = filings.with_columns(_whole=WHOLE).join(listed, on="_whole", how="left", maintain_order="left")
    return both.with_columns(filed_on=pl.coalesce(pl.col("accepted_at").dt.date(), "_listed_on")).drop("_whole", "_listed_on")
