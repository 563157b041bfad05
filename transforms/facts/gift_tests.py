"""Gifts whose recipient sold soon after, while the giver could not have sold."""

import polars as pl

from transforms.facts.list_entries import on_project
from transforms.policy import Policy


def gift_tests(
    executions: pl.DataFrame,
    unheld_dealings: pl.DataFrame,
    accounts: pl.DataFrame,
    list_entries: pl.DataFrame,
    window_days: pl.DataFrame,
    answerers: pl.DataFrame,
    policy: Policy,
    missing: frozenset[str],
) -> pl.DataFrame:
    """One row a gift out of an account and person who answers: `tested_as_sale` (policy IX.4), null where not known.

    The recipient sells Company Securities from an account of their own within the horizon, on a day on which the
    window is closed or the giver is on a project list of the issuer. A sale from an account that nobody on the roster
    holds may be the recipient's.
    """
    gifts = executions.filter(pl.col("kind") == "gift_out").join(
        answerers.filter(pl.col("designated") & pl.col("own")).select("account_id", "person_id", traded_on="day"), on=["account_id", "traded_on"]
    ).select("trade_id", "person_id", "recipient_id", "traded_on")  # fmt: skip
    sold = executions.filter(pl.col("is_company_security") & (pl.col("side") == "sell")).select("account_id", "traded_on").join(
        accounts.select("account_id", recipient_id="holder_id").unique(), on="account_id"
    ).select("recipient_id", sold_on="traded_on", is_theirs=pl.lit(value=True))  # fmt: skip
    others = executions.filter(~pl.col("is_company_security").fill_null(value=True))["symbol"].unique()
    anyones = unheld_dealings.filter(
        pl.col("is_trade") & (pl.col("side") == "sell") & pl.col("share_class").is_not_null() & ~pl.col("symbol").is_in(others.implode())
    )
    unowned = gifts.select(pl.col("recipient_id").drop_nulls().unique()).join(
        anyones.select(sold_on="day", is_theirs=pl.lit(None, dtype=pl.Boolean)), how="cross"
    )
    followed = gifts.join(pl.concat([sold, unowned]), on="recipient_id").filter(_within(policy))
    barred = on_project(followed, list_entries, policy, "sold_on").with_columns(barred=pl.lit(value=True))
    state = followed.join(window_days.select("day", "is_open"), left_on="sold_on", right_on="day", how="left").join(
        barred, on=["person_id", "sold_on"], how="left"
    )  # fmt: skip
    shut = pl.lit(value=False) if policy.reads("gift.blackout", "special_only") else ~pl.col("is_open")
    could_not = pl.when(pl.col("barred").is_not_null() | pl.lit("lists" not in missing)).then(pl.col("barred").fill_null(value=False)) | shut
    tested = (
        state.with_columns(could_not=could_not & pl.col("is_theirs"))
        .group_by("trade_id", "person_id")
        .agg(surely=pl.col("could_not").any(), perhaps=pl.col("could_not").is_null().any())
    )
    joined = gifts.join(tested, on=["trade_id", "person_id"], how="left")
    conditions = pl.when(pl.col("surely")).then(pl.lit(value=True)).when(~pl.col("perhaps").fill_null(value=False)).then(pl.lit(value=False))
    answer = pl.lit(value=True) if policy.reads("gift.test", "as_sale") else conditions
    return joined.select("trade_id", "person_id", tested_as_sale=answer)


def _within(policy: Policy) -> pl.Expr:
    after = pl.col("sold_on") >= pl.col("traded_on")
    horizon = policy.reading("gift.horizon_days")
    if isinstance(horizon, int):
        return after & (pl.col("sold_on") <= pl.col("traded_on") + pl.duration(days=horizon))
    return after
