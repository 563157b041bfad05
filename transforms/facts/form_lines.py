"""Transaction lines of Forms 4 and 5, amendments laid over what they amend."""

import polars as pl

from transforms.facts.dated_filings import FILED

DISPOSALS = ("S", "D", "F", "G", "U")
ONE_WAY = {"P": True, "L": True, "A": True, "S": False, "D": False, "F": False, "U": False}
"""Codes that only acquire (true) or only dispose (false): General Instruction 8 to Form 4."""
ALIKE = ["root_id", "derivative", "traded_on", "acquired", "sec_code"]


def form_lines(dated_filings: pl.DataFrame, filing_lines: pl.DataFrame, symbols: pl.DataFrame) -> pl.DataFrame:
    """One row a transaction line that stands, of the policy's issuer, in order of acceptance.

    A line of an amendment replaces the line it amends and keeps its acceptance; a transaction first shown in an
    amendment has the amendment's. What an amendment does not mention stays. `acquired` follows from the code where the form
    does not say; `contradicts_itself`: it says the opposite of what the code means.
    """
    heads = dated_filings.filter(pl.col("form").is_in(["4", "5", "4/A", "5/A"])).select("accession", "form", "person_id", "root_id", "depth", *FILED)
    lines = filing_lines.join(heads, on="accession").with_columns(acquired=pl.coalesce("acquired", ~pl.col("sec_code").is_in(DISPOSALS)))
    named = lines.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now").with_columns(
        symbol=pl.coalesce("symbol_now", "symbol")
    ).drop("symbol_now")  # fmt: skip
    return _laid(named).with_columns(
        contradicts_itself=(pl.col("acquired") != pl.col("sec_code").replace_strict(ONE_WAY, default=None, return_dtype=pl.Boolean)).fill_null(value=False)
    ).sort("accepted_by", "accession", "line", nulls_last=True)  # fmt: skip


def in_words() -> pl.Expr:
    """The direction of a line."""
    return pl.when("acquired").then(pl.lit("acquired")).otherwise(pl.lit("disposed of"))


def _laid(lines: pl.DataFrame) -> pl.DataFrame:
    """Of each line the latest version, with the acceptance of the first."""
    placed = lines.join(_places(lines), on=["accession", "line"], how="left", maintain_order="left").with_columns(place=pl.coalesce("place", "line"))
    ordered = placed.sort("depth", "accepted_by", "accession", "line", nulls_last=True)
    first = ordered.unique([*ALIKE, "place"], keep="first", maintain_order=True).select(*ALIKE, "place", *FILED)
    last = ordered.unique([*ALIKE, "place"], keep="last", maintain_order=True)
    return last.drop(*FILED, "depth").join(first, on=[*ALIKE, "place"], nulls_equal=True).drop("place")


def _places(lines: pl.DataFrame) -> pl.DataFrame:
    """The number in the first filing of a line that an amendment numbers anew, where only one such line is left."""
    first, amending = lines.filter(pl.col("depth") == 0), lines.filter(pl.col("depth") > 0)
    strays = amending.join(first, on=[*ALIKE, "line"], how="anti", nulls_equal=True)
    both = strays.select("accession", "line", *ALIKE).join(first.select(*ALIKE, place="line"), on=ALIKE, nulls_equal=True)
    free = both.join(amending.select("accession", *ALIKE, place="line"), on=["accession", *ALIKE, "place"], how="anti", nulls_equal=True)
    alone = free.unique(["accession", "line"], keep="none").unique(["accession", "place"], keep="none")
    return alone.select("accession", "line", "place")
