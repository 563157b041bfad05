"""Properties: the greatest gain of matched trades, the counting of days, and the order of rows."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.test_calendar import SESSIONS, policy
from transforms.counting import available_from
from transforms.facts.short_swings import decimal
from transforms.matching import Leg, greatest_gain, lowest_in_highest_out

DAY = date(2024, 1, 2)


@st.composite
def legs(draw: st.DrawFn, prefix: str) -> list[Leg]:
    made = draw(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 300), st.integers(1, 4000)), min_size=1, max_size=6))
    return [Leg(DAY + timedelta(days=on), f"{prefix}{n}", Fraction(units), Fraction(cents, 100)) for n, (on, units, cents) in enumerate(made)]


def admitted(buys: list[Leg], sales: list[Leg]) -> list[tuple[int, int]]:
    return [(i, j) for i, buy in enumerate(buys) for j, sale in enumerate(sales) if abs((buy.on - sale.on).days) < 180]


def total(buys: list[Leg], sales: list[Leg]) -> Fraction:
    return sum((each.profit for each in greatest_gain(buys, sales, admitted(buys, sales))), Fraction())


def by_linear_programme(buys: list[Leg], sales: list[Leg]) -> float:
    pairs = admitted(buys, sales)
    if not pairs:
        return 0.0
    gains = [-float(sales[j].price - buys[i].price) for i, j in pairs]
    limits = np.zeros((len(buys) + len(sales), len(pairs)))
    for n, (i, j) in enumerate(pairs):
        limits[i, n] = limits[len(buys) + j, n] = 1
    return -linprog(gains, A_ub=limits, b_ub=[float(leg.quantity) for leg in (*buys, *sales)]).fun


@settings(max_examples=60, deadline=None)
@given(legs("B"), legs("S"))
def test_the_amount_is_that_of_an_independent_linear_programme(buys: list[Leg], sales: list[Leg]) -> None:
    assert abs(float(total(buys, sales)) - by_linear_programme(buys, sales)) < 1e-4


@settings(max_examples=60, deadline=None)
@given(legs("B"), legs("S"), st.integers(-5, 5))
def test_the_amount_keeps_its_bounds_and_symmetries(buys: list[Leg], sales: list[Leg], shift: int) -> None:
    best, greedy = total(buys, sales), lowest_in_highest_out(buys, sales, admitted(buys, sales))
    assert best >= greedy >= best / 2
    assert total(buys[::-1], sales[::-1]) == best
    assert total(buys[:-1], sales) <= best
    dearer = [[Leg(leg.on, leg.trade_id, leg.quantity, leg.price + 10 + shift) for leg in each] for each in (buys, sales)]
    assert total(*dearer) == best
    halves = [Leg(leg.on, f"{leg.trade_id}{part}", leg.quantity / 2, leg.price) for leg in buys for part in "ab"]
    assert total(halves, sales) == best


@settings(max_examples=60, deadline=None)
@given(legs("B"), legs("S"))
def test_every_leg_is_used_up_to_its_quantity_and_every_pair_gains(buys: list[Leg], sales: list[Leg]) -> None:
    matched = greatest_gain(buys, sales, admitted(buys, sales))
    for leg in (*buys, *sales):
        assert sum((each.quantity for each in matched if leg in (each.buy, each.sale)), Fraction()) <= leg.quantity
    assert all(each.profit > 0 and abs((each.buy.on - each.sale.on).days) < 180 for each in matched)


def test_purchases_at_or_above_all_sales_give_nothing() -> None:
    buys = [Leg(DAY, "B", Fraction(100), Fraction(20))]
    sales = [Leg(DAY, "S", Fraction(100), Fraction(20))]
    assert greatest_gain(buys, sales, [(0, 0)]) == []


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=10000))
def test_rounding_is_half_up(number: Fraction) -> None:
    rounded = Fraction(decimal(number, 2))
    assert abs(rounded - number) <= Fraction(1, 200)
    assert decimal(Fraction(5, 1000), 2) == Decimal("0.01")


@settings(max_examples=40, deadline=None)
@given(st.datetimes(min_value=datetime(2020, 1, 2), max_value=datetime(2027, 5, 1)), st.integers(0, 5000))  # noqa: DTZ001 - the zone is put in below
def test_a_later_announcement_never_opens_the_window_earlier(moment: datetime, minutes: int) -> None:
    frame = pl.DataFrame({"at": [moment, moment + timedelta(minutes=minutes)]}).with_columns(
        pl.col("at").cast(pl.Datetime("us")).dt.replace_time_zone("America/New_York", ambiguous="earliest", non_existent="null")
    )
    opens = available_from(pl.col("at").dt.date(), pl.col("at"), "counting.unknown_announcement_time", SESSIONS, policy())
    told = frame.filter(pl.col("at").is_not_null()).select(opens).to_series().to_list()
    assert told == sorted(told)
    assert all(day in set(SESSIONS.every.days) for day in told)
