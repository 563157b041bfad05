"""Every trade with every person who answers for it."""

import polars as pl


def answered_trades(executions: pl.DataFrame, answerers: pl.DataFrame) -> pl.DataFrame:
    """One row a standing trade and person who answers for it; a trade without one keeps a row with person_id null.

    With the flags of `answerers`, judged by roles and ties on the trade's day. Source: policy IV.D, VI.A.
    """
    joined = executions.join(answerers, left_on=["account_id", "traded_on"], right_on=["account_id", "day"], how="left", maintain_order="left")
    unheld = pl.col("person_id").is_null()
    flags = ["own", "family", *[name for name, dtype in answerers.schema.items() if dtype == pl.Boolean and name not in {"own", "family", "related"}]]
    return joined.with_columns(
        *(pl.col(name).fill_null(value=False) for name in flags),
        related=pl.when(unheld).then(pl.lit(value=False)).otherwise("related"),
        share=pl.col("share").fill_null(0),
    )
