"""An attestation that the records of its quarter speak against."""

import polars as pl

from rules import rule

ANSWERED = "{person_id} confirmed on {answered_on} for the quarter ended {quarter_ended_on} that"


@rule(
    over="attested_statements",
    severity="high",
    applies=pl.col("is_confirmed"),
    evidence=("statement", "contradicted_by"),
    needs=("attestations",),
    subject="quarter_statement",
    silent=pl.col("is_quarter"),
    because_by="statement",
    because={
        "no_margin_or_pledge": f"{ANSWERED} nothing was on margin or pledged; on record in that quarter: {{shown}}.",
        "no_derivatives": f"{ANSWERED} there were no derivatives; on record in that quarter: {{shown}}.",
        "accounts_complete": f"{ANSWERED} all accounts were listed; on record in that quarter: {{shown}}.",
        "trades_complete": f"{ANSWERED} all trades were reported; on record in that quarter: {{shown}}.",
    },
    undecided="The statement {statement} for the quarter ended {quarter_ended_on}: that day ends no fiscal quarter, so the records to compare are not known",
)
def attestation_contradicted() -> pl.Expr:
    """An attestation that the records of its quarter speak against.

    What counts: a statement that was confirmed although margin, a pledge, a derivative, an account off the roster, a transaction on a form
    without a trade, or a trade without an internal report is on record for its quarter. Records that came to light later count.
    Not seen: what no statement, form or log shows; accounts off the roster that no clearance names; whether the person knew.
    To review: 1. open the records named and the answer; 2. ask the person about the difference; 3. have a new answer added where the first was wrong, and keep the first.
    """
    return pl.col("is_contradicted")
