"""Every trade and person with the exemptions of the policy that may take it out of window and clearance."""

import polars as pl

from transforms.policy import Policy

KINDS = ("vesting", "tax_withholding", "option_exercise", "stock_in_lieu", "automatic_purchase", "gift")
"""Exemptions that the kind of a trade alone gives."""


def permitted_trades(
    answered_trades: pl.DataFrame, plan_trades: pl.DataFrame, gift_tests: pl.DataFrame, policy: Policy, missing: frozenset[str]
) -> pl.DataFrame:
    """`answered_trades` with `exempt_…` for each exemption (policy IX, V.E) and `tested_side`: buy, sell, gift or null.

    `exempt_plan_10b5_1` is null where the plan's soundness is not known; `exempt_uncleared_…` are the exemptions from
    clearance, where a reading tells them from those of the window.
    """
    sound = plan_trades.select("trade_id", "is_sound", on_plan=pl.lit(value=True))
    joined = answered_trades.join(sound, on="trade_id", how="left", maintain_order="left").join(
        gift_tests, on=["trade_id", "person_id"], how="left", maintain_order="left"
    )
    labelled = pl.col("plan_id").is_not_null() & pl.lit("plans" in missing)
    permitted = {name: (pl.col("permitted") == name).fill_null(value=False) for name in KINDS}
    automatic = permitted["automatic_purchase"]
    full_test = policy.reads("permitted.automatic_purchase", "full_test")
    bought = (automatic & full_test) | permitted["option_exercise"]
    return joined.with_columns(
        exempt_vesting=permitted["vesting"],
        exempt_tax_withholding=permitted["tax_withholding"],
        exempt_option_exercise=permitted["option_exercise"],
        exempt_uncleared_option_exercise=permitted["option_exercise"] & policy.reads("permitted.option_exercise", "free"),
        exempt_stock_in_lieu=permitted["stock_in_lieu"],
        exempt_automatic_purchase=pl.lit(value=False) if full_test else automatic,
        exempt_gift=permitted["gift"] & ~pl.when(pl.col("designated") & pl.col("own")).then("tested_as_sale").otherwise(pl.lit(value=False)),
        exempt_issuer_dealing=pl.col("venue") == "issuer",
        exempt_uncleared_issuer_dealing=(pl.col("venue") == "issuer") & policy.reads("clearance.issuer_dealings", "not_tested"),
        exempt_plan_10b5_1=pl.when(labelled).then(None).when(pl.col("on_plan")).then("is_sound").otherwise(pl.lit(value=False)),
        tested_side=pl.when(pl.col("side").is_null() & bought).then(pl.lit("buy")).otherwise("side"),
        is_dealing=pl.col("side").is_not_null() | pl.col("permitted").is_not_null(),
    )
