"""Transaction lines of Forms 4 and 5, amendments laid over what they amend."""

import polars as pl

from transforms.policy import Policy

DISPOSALS = ("S", "D", "F", "G", "U")
LINE_KEY = ["traded_on", "acquired", "sec_code", "line"]


def form_lines(filings: pl.DataFrame, filing_lines: pl.DataFrame, symbols: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a transaction line that stands, of the policy's issuer, in order of acceptance.

    A line of an amendment replaces the line it amends and keeps its `accepted_at`; a transaction first shown in an
    amendment has the amendment's. `acquired` follows from the code where the form does not say.
    """
    ours = filings.filter((pl.col("issuer_id") == policy.issuer_id) & pl.col("form").is_in(["4", "5", "4/A", "5/A"]))
    heads = ours.select("accession", "form", "person_id", "accepted_at", "amends")
    lines = filing_lines.join(heads, on="accession").with_columns(acquired=pl.coalesce("acquired", ~pl.col("sec_code").is_in(DISPOSALS)))
    named = lines.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now").with_columns(
        symbol=pl.coalesce("symbol_now", "symbol")
    ).drop("symbol_now")  # fmt: skip
    first_shown = named.select("accession", *LINE_KEY, first_accepted_at="accepted_at").unique(["accession", *LINE_KEY])
    laid = named.join(first_shown, left_on=["amends", *LINE_KEY], right_on=["accession", *LINE_KEY], how="left")
    replaced = laid.filter(pl.col("amends").is_not_null()).select("amends", *LINE_KEY).unique()
    standing = laid.join(replaced, left_on=["accession", *LINE_KEY], right_on=["amends", *LINE_KEY], how="anti")
    return standing.with_columns(accepted_at=pl.coalesce("first_accepted_at", "accepted_at")).sort("accepted_at", "accession", "line")
