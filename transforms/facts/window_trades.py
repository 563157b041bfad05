"""Every trade and person with the state of the window on the trade's day."""

import polars as pl

from transforms.policy import Policy


def window_trades(permitted_trades: pl.DataFrame, window_days: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`permitted_trades` with `is_inside` (null = not known), `reason`, `opens_on` and `closes_on` of the window.

    By trade date; read by settlement date, the trade must settle by the last day too. `is_bound`: whether the window
    binds the person for this account (policy VI.A). Units and prices as printed.
    """
    days = window_days.select(
        "day",
        "is_open",
        "reason",
        "opens_on",
        "closes_on",
        "window_closes_on",
        "settles_on",
        "quarter_ended_on",
        "announcement_id",
        "announced_at",
        "announced_on",
    )
    joined = permitted_trades.join(days, left_on="traded_on", right_on="day", how="left", maintain_order="left")
    inside, settling = pl.col("is_open"), pl.coalesce("settled_on", "settles_on")
    if policy.reads("window.end", "settlement_date"):
        late = settling > pl.col("window_closes_on")
        inside = pl.col("is_open") & ~late
    near = pl.col("own") if policy.reads("window.related", "not_attributed") else pl.col("own") | pl.col("related")
    venues = ["public", "private", "issuer"] if policy.reads("window.market", "all") else ["public", "issuer"]
    return joined.with_columns(
        is_inside=inside,
        settling_on=settling,
        told_as=pl.when(pl.col("is_open") & ~inside).then(pl.lit("settles_late")).when((pl.col("reason") == "restated") & pl.col("opens_on").is_null()).then(pl.lit("restated_to_the_end")).otherwise("reason"),
        is_bound=near & pl.col("designated"),
        is_on_market=pl.col("venue").is_in(venues) | (pl.col("side") == "gift").fill_null(value=False),
        trader_id="related_trader_id",
        open_question=pl.when(inside.is_null()).then(None).when(pl.col("exempt_plan_10b5_1").is_null()).then(pl.lit("whether a Rule 10b5-1 plan takes it out is not known"))
        .when(pl.col("exempt_gift").is_null()).then(pl.lit("whether the gift is tested as a sale is not known"))
        .otherwise(pl.lit("whether the child was under 18 is not known, as no date of birth is on record")),
    )  # fmt: skip
