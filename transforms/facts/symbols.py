"""Symbols followed through changes of symbol to the one in use today."""

import polars as pl


def symbols(securities: pl.DataFrame, corporate_actions: pl.DataFrame) -> pl.DataFrame:
    """One row a symbol ever printed: `printed` and the `symbol` that it is called today."""
    changes = corporate_actions.filter((pl.col("kind") == "symbol_change") & pl.col("new_symbol").is_not_null())
    step = changes.sort("ex_on").unique("symbol", keep="last").select(printed="symbol", after="new_symbol")
    named = pl.concat([securities.select(printed="symbol"), step.select("printed"), step.select(printed="after")]).unique()
    followed = named.with_columns(symbol="printed")
    for _ in range(len(step)):
        moved = followed.join(step.rename({"printed": "symbol"}), on="symbol", how="left")
        moved = moved.with_columns(symbol=pl.coalesce("after", "symbol")).drop("after")
        if moved.sort("printed").equals(followed.sort("printed")):
            break
        followed = moved
    return followed.sort("printed")
