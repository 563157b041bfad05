"""Lines of Forms 4 and 5 beside the trades and internal reports that they should meet."""

import polars as pl

from transforms.facts.standings import standing_on

DAY = ["person_id", "traded_on", "acquired"]
ACQUIRED = pl.col("movement") >= 0


def unexplained_lines(
    form_lines: pl.DataFrame, answered_trades: pl.DataFrame, report_duties: pl.DataFrame, reports: pl.DataFrame, kinds: pl.DataFrame, symbols: pl.DataFrame,
    standings: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """One row a line that stands: `is_traded`, an account on the roster shows a trade of the person on that day, in that
    direction and symbol; `is_reported`, an internal report does; with the person's standings on the day.

    A line without a symbol, or of a derivative, is met by any symbol; one that contradicts itself in either direction.
    """
    traded = answered_trades.select("person_id", "symbol", "traded_on", acquired=ACQUIRED)
    completed = report_duties.filter(pl.col("reported_at").is_not_null()).select("person_id", "symbol", "traded_on", acquired=ACQUIRED)
    loose = reports.join(kinds, on="kind").join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now").select(
        "person_id", "traded_on", symbol=pl.coalesce("symbol_now", "symbol"), acquired=ACQUIRED
    )  # fmt: skip
    told = pl.concat([completed, loose.select(completed.columns)])
    met = _met(_met(form_lines, traded, "is_traded"), told, "is_reported")
    return standing_on(met, standings, "person_id", "traded_on", ("section_16", "designated"))


def _met(lines: pl.DataFrame, rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Lines with a flag: whether a row meets them."""
    flags = _found(lines, rows)
    if lines["contradicts_itself"].any():
        flags = flags | (_found(lines.with_columns(~pl.col("acquired")), rows) & lines["contradicts_itself"])
    return lines.with_columns(flags.alias(name))


def _found(lines: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
    near = rows.join(lines.select(DAY).unique(), on=DAY, how="semi")
    same_day = lines.join(near.select(*DAY, pl.lit(value=True).alias("_any")).unique(), on=DAY, how="left", maintain_order="left")
    same = same_day.join(near.select(*DAY, "symbol", pl.lit(value=True).alias("_same")).unique(), on=[*DAY, "symbol"], how="left", maintain_order="left")
    loosely = pl.col("symbol").is_null() | pl.col("derivative").fill_null(value=False)
    return same.select(pl.when(loosely).then("_any").otherwise("_same").fill_null(value=False)).to_series()
