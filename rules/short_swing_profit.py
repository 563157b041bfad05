"""Purchase and sale within less than six months at a gain."""

import polars as pl

from rules import rule


@rule(
    over="swing_totals",
    severity="critical",
    applies=pl.lit(value=True),
    flag_needs=("corporate_actions",),
    clear_needs=("corporate_actions", "relations", "trades", "filings", "filing_lines"),
    evidence=("profit_max", "profit_liho", "pairs", "last_matching_on", "suit_by_on"),
    subject="share_class",
    silent=~pl.col("has_open_pairs"),
    because_by="valued",
    because={
        "whole": "Purchases and sales of class {share_class} from {matched_from_on} to {occurred_on}, matched for the greatest gain (pairs: {pairs}), differ by {profit_max} US dollars; lowest in, highest out: {profit_liho}. Two years after the latest of the later dates end on {suit_by_on} (15 U.S.C. 78p(b)).",
        "in_part": "Purchases and sales of class {share_class} from {matched_from_on} to {occurred_on}, matched for the greatest gain (pairs: {pairs}), differ by {profit_max} US dollars; lowest in, highest out: {profit_liho}. Two years after the latest of the later dates end on {suit_by_on} (15 U.S.C. 78p(b)). Pairs of a derivative with shares or with another series are not in the amount, as no price of the underlying is on record.",
    },
    undecided="Transactions of class {share_class} until {occurred_on} hold opposite dealings in derivatives and shares, or in several series, within less than six months; no price of the underlying is on record to value them",
)
def short_swing_profit() -> pl.Expr:
    """Purchase and sale within less than six months at a gain.

    What counts: purchases and sales of one class attributed to a Section 16 person, within less than six months of each other, matched
    for the greatest gain; losses are not set off, intent does not matter, a 10b5-1 plan is no exemption. Prices are gross.
    Not seen: pairs of a derivative with shares or another series (they need prices of the underlying); approvals under Rule
    16b-3 of dealings with the company; whether a ten percent holder's percentage is as the roles say.
    To review: 1. check the pairs in short_swings.csv against the statements; 2. have counsel confirm code, class and period of
    each leg.
    """
    return (
        pl.when(pl.col("profit_max") > 0).then(pl.lit(value=True))
        .when(~pl.col("has_open_pairs") & ~pl.col("has_unpriced") & ~pl.col("has_unheld") & ~pl.col("has_code_k")).then(pl.lit(value=False))
    )  # fmt: skip
