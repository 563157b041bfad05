"""Turns typed positions into rows of `holdings`; shared by the sources that read positions."""

from collections.abc import Iterable

import polars as pl

from transforms.sources import File, Read, ledger

COLUMNS = {"account_id": "account", "symbol": "security", "held_on": "held", "quantity": "units", "position": "position"}


def holdings(printed: pl.DataFrame, file: File, *, drop: pl.Expr, refuse: pl.Expr, within: Iterable[str] = ()) -> Read:
    """Rows of `holdings` from columns account, security, held, units and position; a position of 0 is dropped.

    A statement may print one position on several lines (lots, 401(k) sources); the key of the table has room for one,
    so their units are added up in the first line and the others are dropped. `within` names further columns in which
    such lines must agree, such as the statement.
    """
    drop = pl.coalesce(drop, pl.when(pl.col("units") == 0).then(pl.lit("a position of 0")))
    printed = printed.with_columns(_why=drop, _not=refuse).with_columns(_kept=pl.coalesce("_why", "_not").is_null())
    group = [*within, "account", "security", "held", "position", "_kept"]
    again = pl.when(pl.col("_kept") & (pl.int_range(pl.len()).over(group) > 0)).then(pl.lit("added to the first line of the same position"))
    total = pl.when("_kept").then(pl.col("units").sum().over(group)).otherwise("units")
    printed = printed.with_columns(_why=pl.coalesce("_why", again), units=total)
    columns = {name: pl.col(given) for name, given in COLUMNS.items()}
    return ledger(printed, file, "holdings", columns, drop=pl.col("_why"), refuse=pl.col("_not"))


def position(units: pl.Expr, part: pl.Expr | None = None) -> pl.Expr:
    """How a position is held: short where its units are negative, else the part of the account named, else unknown."""
    named = pl.lit(None) if part is None else pl.when(part.is_in(["cash", "margin", "short"])).then(part)
    return pl.when(units < 0).then(pl.lit("short")).otherwise(pl.coalesce(named, pl.lit("unknown")))
