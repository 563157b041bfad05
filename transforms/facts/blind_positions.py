"""Statements that do not agree with the trades between them."""

import polars as pl

from transforms.facts._spots import spots
from transforms.wording import plain_number


def blind_positions(positions: pl.DataFrame, corporate_actions: pl.DataFrame) -> pl.DataFrame:
    """position_break: a row a statement whose quantity is not that of the last one plus the trades since, split-adjusted;
    failed_expectation: a row a split without a ratio, which is left out of every split basis.
    """
    stated = positions.filter(pl.col("stated").is_not_null()).sort("account_id", "symbol", "day")
    held = ["account_id", "symbol"]
    expected = pl.col("stated").shift(1).over(held) + pl.col("moved_until") - pl.col("moved_until").shift(1).over(held)
    broken = stated.with_columns(expected=expected, holding=pl.concat_str(held, separator=":"), before=pl.col("day").shift(1).over(held)).filter(
        pl.col("expected") != pl.col("stated")
    )
    said = pl.format(
        "{}: the statement of {} says {}, that of {} with the trades since gives {} (on today's split basis).",
        "holding",
        pl.col("day").cast(pl.String),
        plain_number(pl.col("stated")),
        pl.col("before").cast(pl.String),
        plain_number(pl.col("expected")),
    )
    splits = corporate_actions.filter((pl.col("kind") == "split") & pl.col("ratio").is_null()).with_columns(
        split=pl.format("{}:{}", "symbol", pl.col("ex_on").cast(pl.String))
    )
    lacking = pl.format(
        "{}: a split of {} without a ratio; quantities before it are taken as they stand. Add the ratio.", "split", pl.col("ex_on").cast(pl.String)
    )
    return pl.concat([spots(broken, "position_break", "holding", said), spots(splits, "failed_expectation", "split", lacking)])
