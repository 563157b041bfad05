"""Each statement of each attestation beside the records of its quarter."""

import polars as pl

NEEDS = {
    "policy_read": (),
    "accounts_complete": ("trades", "relations", "corporate_actions", "filings", "filing_lines"),
    "trades_complete": ("trades", "relations", "corporate_actions", "reports", "filings", "filing_lines"),
    "no_margin_or_pledge": ("trades", "holdings", "relations"),
    "no_derivatives": ("trades", "holdings", "relations"),
}
"""Tables without which a statement can't be held against the records."""


def attested_statements(
    attestations: pl.DataFrame, contradictions: pl.DataFrame, quarters: pl.DataFrame, unheld_dealings: pl.DataFrame, missing: frozenset[str]
) -> pl.DataFrame:
    """One row an attestation and statement: `is_confirmed` (answered, and true), `contradicted_by` (ids of the records of
    the quarter that speak against it, joined by `;`; null = none), and `is_contradicted`, null where that is not known.

    A record that comes to light after the answer counts; where an account that nobody on the roster holds shows
    anything in the quarter, no statement is known to hold. Source: company practice.
    """
    answered = attestations.with_columns(answered_on=pl.col("answered_at").dt.date(), **{name: pl.col(name).fill_null(value=False) for name in NEEDS})
    index = ["person_id", "quarter_ended_on", "answered_on", "source_file", "source_line"]
    long = answered.unpivot(on=list(NEEDS), index=index, variable_name="statement", value_name="confirmed").join(
        quarters.select("quarter_ended_on", "starts_on"), on="quarter_ended_on", how="left"
    )  # fmt: skip
    against = long.join(contradictions, on=["person_id", "statement"]).filter(pl.col("on").is_between("starts_on", "quarter_ended_on"))
    key = ["person_id", "quarter_ended_on", "statement"]
    named = against.group_by(key).agg(contradicted_by=pl.col("what").unique().sort().str.join(";"), shown=pl.col("shown").unique().sort().str.join("; "))
    dealt = long.join_where(unheld_dealings.select("day"), pl.col("day") >= pl.col("starts_on"), pl.col("day") <= pl.col("quarter_ended_on"))
    unheld = pl.col("quarter_ended_on").is_in(dealt["quarter_ended_on"].unique().implode())
    unseen = [name for name, tables in NEEDS.items() if missing.intersection(tables)]
    unknown = pl.col("statement").is_in(unseen) | ((pl.col("starts_on").is_null() | unheld) & (pl.col("statement") != "policy_read"))
    return long.join(named, on=key, how="left").with_columns(
        is_confirmed=pl.col("answered_on").is_not_null() & pl.col("confirmed"),
        is_contradicted=pl.when(pl.col("contradicted_by").is_not_null()).then(pl.lit(value=True)).when(~unknown).then(pl.lit(value=False)),
        is_quarter=pl.col("starts_on").is_not_null(),
        occurred_on="quarter_ended_on",
        quarter_statement=pl.format("{}:{}", "quarter_ended_on", "statement"),
    ).sort("person_id", "quarter_ended_on", "statement")  # fmt: skip
