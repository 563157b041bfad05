"""Every trade with every person who answers for it."""

import polars as pl


def answered_trades(executions: pl.DataFrame, answerers: pl.DataFrame) -> pl.DataFrame:
    """One row a standing trade and person who answers for it; a trade of an account that nobody on the roster holds keeps
    a row with person_id, share and flags null, so that what depends on the person is not known.

    With the flags of `answerers`, judged by roles and ties on the trade's day. Source: policy IV.D, VI.A.
    """
    return executions.join(answerers, left_on=["account_id", "traded_on"], right_on=["account_id", "day"], how="left", maintain_order="left")
