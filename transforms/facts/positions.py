"""Positions rolled forward from statements and trades."""

import polars as pl

from transforms.facts.footings import EXACT, on_todays_footing
from transforms.facts.instruments import DERIVATIVES

HELD = ["account_id", "symbol"]


def positions(executions: pl.DataFrame, holdings: pl.DataFrame, symbols: pl.DataFrame, footings: pl.DataFrame) -> pl.DataFrame:
    """One row an account, symbol and day with a statement or a trade: `stated` (null without a statement), `moved` on
    the day, and `moved_until`, the sum of moves up to and including it; all on today's split basis.

    Contracts that are exercised, assigned or expire move towards zero.
    """
    stated = holdings.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now").with_columns(symbol=pl.coalesce("symbol_now", "symbol"))
    on_basis = on_todays_footing(stated.select(*HELD, "held_on", "quantity"), footings, "held_on")
    statements = on_basis.group_by(*HELD, day="held_on").agg(stated=(pl.col("quantity").cast(EXACT) * pl.col("factor")).sum())
    moves = executions.select(
        *HELD,
        "sequence",
        day="traded_on",
        ending=pl.col("kind").is_in(["exercise", "assignment", "expiry"]) & pl.col("asset").is_in(DERIVATIVES),
        signed=pl.col("quantity").cast(EXACT) * pl.col("factor") * pl.col("movement"),
        size=pl.col("quantity").cast(EXACT) * pl.col("factor"),
    )
    towards_zero = pl.when(pl.col("before") > 0).then(-pl.col("size")).otherwise("size")
    daily = (
        _opened(moves, statements)
        .with_columns(move=pl.when("ending").then(towards_zero).otherwise("signed"))
        .group_by(*HELD, "day")
        .agg(moved=pl.col("move").sum())
    )
    both = statements.join(daily, on=[*HELD, "day"], how="full", coalesce=True).sort(*HELD, "day")
    return both.with_columns(pl.col("moved").fill_null(pl.lit(0).cast(EXACT))).with_columns(moved_until=pl.col("moved").cum_sum().over(HELD))


def _opened(moves: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Moves with `before`, what was open on the trade's day: the latest statement before it and the purchases and sales since."""
    running = moves.sort("sequence").with_columns(running=pl.when("ending").then(0).otherwise("signed").cum_sum().over(HELD))
    by_then = running.select(*HELD, "day", counted="running").unique([*HELD, "day"], keep="last", maintain_order=True).sort("day")
    stated = statements.sort("day").join_asof(by_then, on="day", by=HELD, strategy="backward", check_sortedness=False)
    added = stated.select(*HELD, _day="day", added=pl.col("stated") - pl.coalesce("counted", pl.lit(0).cast(EXACT)))
    dated = running.with_columns(_before=pl.col("day") - pl.duration(days=1)).sort("_before")
    return _last_before(dated, added).with_columns(before=pl.col("running") + pl.coalesce("added", pl.lit(0).cast(EXACT)))


def position_before(frame: pl.DataFrame, positions: pl.DataFrame, day: str, name: str = "position_before") -> pl.DataFrame:
    """A frame with account_id, symbol and a day, and the position at the start of the day (null = no trace of it before).

    The latest statement before the day plus the moves since, or the moves alone where there was no statement.
    """
    positions = positions.join(frame.select("account_id").unique(), on="account_id", how="semi")
    stated = positions.filter(pl.col("stated").is_not_null()).select(*HELD, "stated", _at_statement="moved_until", _day="day").sort("_day")
    moved = positions.select(*HELD, _moved="moved_until", _day="day").sort("_day")
    dated = frame.with_row_index("_row").with_columns(_before=pl.col(day) - pl.duration(days=1)).sort("_before")
    joined = _last_before(_last_before(dated, stated), moved)
    position = pl.coalesce(pl.col("stated") - pl.col("_at_statement") + pl.col("_moved"), "_moved")
    placed = joined.with_columns(position.alias(name), _stated=pl.col("stated").is_not_null())
    return placed.sort("_row").drop("_row", "_before", "stated", "_at_statement", "_moved", "_day", strict=False).rename({"_stated": f"{name}_is_stated"})


def _last_before(frame: pl.DataFrame, daily: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join_asof(daily, left_on="_before", right_on="_day", by=HELD, strategy="backward", check_sortedness=False)
    return joined.drop("_day", strict=False)
