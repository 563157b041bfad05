"""A crowd of insiders with purchases and sales both ways: seconds and memory of the short-swing facts, beside a linear programme."""

import resource
import time
from datetime import date
from fractions import Fraction

import numpy as np
import polars as pl
from scipy.optimize import linprog

from flows.stages import policy_from
from tests.worlds import SAMPLE_POLICY
from transforms.facts.short_swings import short_swings
from transforms.facts.swing_near_misses import swing_near_misses
from transforms.facts.swing_pairs import swing_pairs
from transforms.facts.swing_totals import swing_totals

EXACT = pl.Decimal(38, 12)
START, DAYS, SEED = date(2022, 1, 3), 1_000, 16
UNHELD = pl.DataFrame(schema={"is_trade": pl.Boolean, "share_class": pl.String})
BESIDE = 200
"""Insiders whom the linear programme solves too."""


def crowd(people: int, trades: int) -> pl.DataFrame:
    """Legs as the fact has them: half of them purchases, any day of some three years, prices of one random walk."""
    chance = np.random.default_rng(SEED)
    count = people * trades
    path = np.maximum(3_000 + np.cumsum(chance.normal(0, 40, DAYS)), 500).astype(np.int64)
    day = chance.integers(0, DAYS, count)
    raw = pl.DataFrame({
        "group": np.repeat(np.arange(people), trades), "day": day, "cents": path[day] + chance.integers(-50, 50, count), "units": chance.integers(1, 2_000, count),
        "way": np.tile(np.array(["purchase", "sale"]), count // 2),
    }).sort("group", "day", maintain_order=True).with_row_index("leg")  # fmt: skip
    name = pl.format("T{}", "leg")
    price = (pl.col("cents").cast(pl.Decimal(38, 2)) / 100).cast(EXACT)
    nothing = pl.lit(None, dtype=pl.String)
    return raw.select(
        "leg", pl.col("group").cast(pl.UInt32), "way", person_id=pl.format("P{}", "group"), share_class=pl.lit("ACM"), series=nothing, symbol=pl.lit("ACM"),
        trade_id=name, root_id=name, trader_id=nothing, traded_on=pl.lit(START) + pl.duration(days="day"), quantity=pl.col("units").cast(EXACT), price_paid=price,
        price=price, factor=pl.lit(1).cast(EXACT), quantity_today=pl.col("units").cast(EXACT), price_today=price, is_exact=pl.lit(value=True),
        in_office=pl.lit(value=True), is_tenth=pl.lit(value=False), code=pl.lit("P"), put_call=nothing, is_undecided=pl.lit(value=False),
        source_file=pl.lit("book"), source_line=pl.col("leg").cast(pl.Int64),
    )  # fmt: skip


def measure(people: int, trades: int) -> None:
    """Run the facts over a crowd and print what each took."""
    policy, legs = policy_from(SAMPLE_POLICY), crowd(people, trades)
    marks = [time.perf_counter()]

    def done(made: pl.DataFrame) -> pl.DataFrame:
        marks.append(time.perf_counter())
        return made

    pairs = done(swing_pairs(legs, policy))
    swings = done(short_swings(legs, pairs))
    totals = done(swing_totals(legs, swings, UNHELD, policy))
    done(swing_near_misses(legs, pairs, policy))
    steps = ", ".join(
        f"{name} {after - before:.1f} s" for name, before, after in zip(("pairs", "allocation", "totals", "near misses"), marks, marks[1:], strict=False)
    )
    each = (marks[-1] - marks[0]) / people
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{people:,} insiders with {trades:,} trades: {marks[-1] - marks[0]:.2f} s ({steps}); {len(pairs):,} pairs, {len(totals):,} totals, peak {peak:.2f} GiB"
    )
    if people > BESIDE:
        start = time.perf_counter()
        _beside(legs, pairs, totals)
        print(f"  a plain linear programme an insider takes {(time.perf_counter() - start) / BESIDE / each:.0f} times as long")


def _beside(legs: pl.DataFrame, pairs: pl.DataFrame, totals: pl.DataFrame) -> None:
    """The first insiders once more by scipy, and the same amounts."""
    prices, units, group = (legs[name].cast(pl.Float64).to_numpy() for name in ("price_today", "quantity_today", "group"))
    told = dict(totals.select("person_id", "profit_max").rows())
    near = pairs.filter("is_matched")
    for person in range(BESIDE):
        of = near.filter(pl.Series(group[near["buy"].to_numpy()] == person))
        buys, sales = of["buy"].to_numpy(), of["sale"].to_numpy()
        if not len(buys):
            continue
        used = np.unique(np.concatenate([buys, sales]))
        limits = np.zeros((len(used), len(buys)))
        limits[np.searchsorted(used, buys), np.arange(len(buys))] = 1
        limits[np.searchsorted(used, sales), np.arange(len(buys))] = 1
        found = -linprog(prices[buys] - prices[sales], A_ub=limits, b_ub=units[used]).fun
        if abs(Fraction(found) - Fraction(told[f"P{person}"])) > Fraction(1, 100):
            raise ArithmeticError(f"P{person}: {found} by scipy, {told[f'P{person}']} here, expected the same")


def main() -> None:
    """The two sizes that matter: many people, and one with many trades."""
    crowd(10, 40)
    measure(1, 2_000)
    measure(100_000, 40)
