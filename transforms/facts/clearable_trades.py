"""Trades that need a clearance: fills with every cleared person who answers for them."""

import polars as pl

from transforms.calendar import Sessions
from transforms.policy import Policy

EXEMPT_FROM_CLEARANCE = (
    "vesting", "tax_withholding", "uncleared_option_exercise", "stock_in_lieu", "automatic_purchase", "gift",
    "uncleared_issuer_dealing", "plan_10b5_1",
)  # fmt: skip
"""Exemptions from clearance (policy IX, V.E) as columns `exempt_…`."""


def clearable_trades(permitted_trades: pl.DataFrame, sessions: Sessions, policy: Policy) -> pl.DataFrame:
    """`permitted_trades` with `needs_clearance` (policy VI.B; null where only an unknown birthday decides), the side as
    tested, `trader` = whose account it is, the days between which a decision is near (company practice), and `quantity_today` on today's split basis.
    """
    near = pl.col("own") | pl.col("related")
    gift = (pl.col("side") == "gift").fill_null(value=False) & pl.col("designated") & pl.col("own")
    exercise = (pl.col("permitted") == "option_exercise").fill_null(value=False) & policy.reads("permitted.option_exercise", "cleared")
    side = pl.when(exercise).then(pl.lit("buy")).when(gift).then(pl.lit("gift")).otherwise("tested_side")
    dealing = side.is_in(["buy", "sell"]).fill_null(value=False) | gift
    return permitted_trades.with_columns(
        needs_clearance=pl.col("is_company_security") & (dealing | pl.col("is_dealing")) & pl.col("clearance_bound") & near,
        is_tested=dealing,
        tested_side=side,
        trader_id="related_trader_id",
        open_question=pl.when(pl.col("exempt_plan_10b5_1").is_null())
        .then(pl.lit("whether a Rule 10b5-1 plan takes it out is not known"))
        .when(pl.col("exempt_gift").is_null())
        .then(pl.lit("whether the gift is tested as a sale is not known"))
        .when(near.is_null())
        .then(pl.lit("whether the child was under 18 is not known, as no date of birth is on record")),
        trader=pl.coalesce("related_trader_id", "person_id"),
        near_from_on=sessions.every.before(pl.col("traded_on"), policy.parameter("clearance.look_back").on(pl.col("traded_on"))),
        near_until_on=sessions.every.after(pl.col("traded_on"), policy.parameter("clearance.look_ahead").on(pl.col("traded_on"))),
        quantity_today=pl.col("quantity") * pl.col("factor"),
    )
