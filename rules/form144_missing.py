"""No Form 144 for sales above its limits."""

import polars as pl

from rules import TRADE, rule
from transforms.policy import Policy


def _subject(policy: Policy) -> pl.Expr:
    return pl.col("section_16") & (pl.col("traded_on") >= policy.day("rule_144.electronic_from"))


@rule(
    over="rule_144_sales",
    severity="high",
    applies=_subject,
    evidence=("shares", "value", "months"),
    needs=("filings",),
    flag_needs=("corporate_actions",),
    clear_needs=("corporate_actions",),
    because=f"{TRADE}; public sales in the {{months}} months up to it come to {{shares}} shares and {{value}} US dollars, and no Form 144 accepted in the {{months}} months up to {{placed_on}} is on record.",
    undecided=f"{TRADE}; public sales in the {{months}} months up to it come to at least {{shares}} shares and {{value}} US dollars; whether that is all, or when a Form 144 was accepted, is not known",
)
def form144_missing(policy: Policy) -> pl.Expr:
    """No Form 144 for sales above its limits.

    What counts: the seller's own public sales of shares in the three months up to the sale come to more than 5,000 shares or more than
    50,000 US dollars, and no Form 144 of the seller was accepted in the three months up to 22:00 New York time of the day of the
    order (where that is not on record, of the sale).
    Not seen: reliance on another exemption than Rule 144; volume limits and holding periods; relatives' sales, unless read so.
    To review: 1. ask the broker for the notice and its acceptance; 2. add up the quarter's sales by hand; 3. ask counsel which
    exemption the sale relied on.
    """
    shares, value = (policy.parameter(f"rule_144.{name}").on(pl.col("traded_on")) for name in ("shares", "value"))
    over = (pl.col("shares") > shares) | (pl.col("value") > value)
    noticed = pl.when(pl.col("notice_on").is_not_null()).then(pl.lit(value=True)).when(~pl.col("has_undated_notice")).then(pl.lit(value=False))
    whole = pl.when(over | ((pl.col("unpriced") == 0) & ~pl.col("is_elsewhere"))).then(over)
    return whole & ~noticed
