"""What each security is to the company: a Company Security, a derivative on one, or neither."""

import polars as pl

from transforms.policy import Policy

SHARES = ("common", "preferred")
COMPANY_SHARES = pl.col("is_company_security") & pl.col("asset").is_in(SHARES)
"""Common or preferred of the company, in rows that have the columns of `instruments`."""
DERIVATIVES = ("option", "warrant", "swap", "forward", "collar", "future")


def instruments(securities: pl.DataFrame, symbols: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a symbol in use: asset, class, end of the underlying chain, and two answers of three values.

    `is_company_derivative` is null where a derivative of another issuer names no underlying. Source: policy II, VII.
    """
    named = securities.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now")
    today = named.with_columns(printed="symbol", symbol="symbol_now").sort(pl.col("printed") != pl.col("symbol"), "printed")
    one = today.unique("symbol", keep="first", maintain_order=True)
    ours = one.with_columns(
        is_company_security=(pl.col("issuer_id") == policy.issuer_id) & pl.col("asset").is_in([*SHARES, "debt"]),
        underlying=pl.col("underlying").replace(dict(symbols.rows())),
        share_class=pl.coalesce("share_class", "symbol"),
        multiplier=pl.col("multiplier").fill_null(1),
        issued_by_company=pl.col("issued_by_company").fill_null(value=False),
    )
    ended = ours.with_columns(underlying_end=_chain_end(ours))
    below = ours.select(underlying_end="symbol", underlying_is_ours="is_company_security", underlying_class="share_class")
    joined = ended.join(below, on="underlying_end", how="left")
    on_ours = pl.col("underlying_is_ours").fill_null(value=False)
    by_issuer = pl.col("issuer_id") == policy.issuer_id
    return joined.select(
        "symbol", "issuer_id", "asset", "multiplier", "put_call", "strike", "expires_on", "issued_by_company",
        "underlying_end", "is_company_security",
        share_class=pl.when(pl.col("asset").is_in(SHARES)).then("share_class").otherwise("underlying_class"),
        is_company_derivative=pl.when(pl.col("asset").is_in(DERIVATIVES))
        .then(on_ours | by_issuer | pl.when(pl.col("underlying").is_null()).then(None).otherwise(pl.lit(value=False)))
        .when(pl.col("asset") == "exchange_fund").then(on_ours)
        .otherwise(pl.lit(value=False)),
    ).sort("symbol")  # fmt: skip


def _chain_end(securities: pl.DataFrame) -> pl.Series:
    """Follow underlying to underlying, as deep as the chain goes."""
    step = dict(securities.filter(pl.col("underlying").is_not_null()).select("symbol", "underlying").rows())
    end = securities["underlying"]
    for _ in range(len(step)):
        further = end.replace(step)
        if further.equals(end):
            break
        end = further
    return end
