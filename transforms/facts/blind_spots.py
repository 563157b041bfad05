"""Everything that the data do not let one see."""

import polars as pl

from transforms.facts._spots import spots


def blind_spots(
    blind_trades: pl.DataFrame,
    blind_accounts: pl.DataFrame,
    blind_windows: pl.DataFrame,
    blind_positions: pl.DataFrame,
    blind_clearances: pl.DataFrame,
    blind_filings: pl.DataFrame,
    missing: frozenset[str],
) -> pl.DataFrame:
    """One row a blind spot: kind, where (a row's id, else the table), what (a sentence), rows."""
    tables = pl.DataFrame({"table": sorted(missing)}, schema={"table": pl.String})
    said = pl.format("No file holds the table {}; what needs it is not decided. A file with a header alone would say that there are none.", "table")
    absent = spots(tables, "missing_table", "table", said)
    return (
        pl.concat([absent, blind_trades, blind_accounts, blind_windows, blind_positions, blind_clearances, blind_filings])
        .unique()
        .sort("kind", "where", "what")
    )
