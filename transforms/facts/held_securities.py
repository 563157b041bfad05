"""Holdings on statements with what is held, how the account is kept, and who answers for it."""

import polars as pl


def held_securities(
    holdings: pl.DataFrame, symbols: pl.DataFrame, instruments: pl.DataFrame, account_terms: pl.DataFrame, answerers: pl.DataFrame
) -> pl.DataFrame:
    """One row a holding and person who answers (person_id and flags null where nobody does), by roles and ties on the day."""
    named = holdings.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now").with_columns(
        symbol=pl.coalesce("symbol_now", "symbol")
    ).drop("symbol_now")  # fmt: skip
    described = named.join(instruments.drop("issuer_id"), on="symbol", how="left").join(account_terms, on="account_id", how="left")
    joined = described.join(answerers, left_on=["account_id", "held_on"], right_on=["account_id", "day"], how="left")
    return joined.with_columns(
        pl.col("is_company_security").fill_null(value=False),
        trader_id="related_trader_id",
    ).sort("account_id", "symbol", "held_on", "position", "person_id")
