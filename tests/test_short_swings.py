"""Properties of short swings: equal to brute force and to an independent linear programme, whatever the order of the rows."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.test_calendar import policy
from transforms.facts.short_swings import decimal, short_swings
from transforms.facts.swing_pairs import swing_pairs
from transforms.matching import lowest_in_highest_out, proved

DAY = date(2024, 1, 2)


@dataclass(frozen=True)
class Leg:
    """A purchase or a sale of an insider."""

    way: str
    on: date
    name: str
    units: Fraction
    price: Fraction
    factor: int = 1
    person: str = "DIA"


@st.composite
def books(draw: st.DrawFn, most: int = 6, units: int = 300) -> list[Leg]:
    """Up to `most` purchases and as many sales of one insider, over some fourteen months."""
    return [
        Leg(way, DAY + timedelta(days=on), f"{way}{n}", Fraction(amount), Fraction(cents, 100))
        for way in ("purchase", "sale")
        for n, (on, amount, cents) in enumerate(
            draw(st.lists(st.tuples(st.integers(0, 420), st.integers(1, units), st.integers(1, 4000)), min_size=1, max_size=most))
        )
    ]


def frame(book: list[Leg]) -> pl.DataFrame:
    """The legs as the facts have them: ordered, numbered, on today's basis."""
    ordered = sorted(book, key=lambda leg: (leg.person, leg.on, leg.name))
    people = sorted({leg.person for leg in book})
    exact = pl.Decimal(38, 12)
    rows = [
        {"leg": n, "group": people.index(leg.person), "person_id": leg.person, "share_class": "ACM", "series": None, "trade_id": leg.name, "way": leg.way, "traded_on": leg.on, "in_office": True, "is_tenth": False, "code": "P",
         "quantity": decimal(leg.units), "price_paid": decimal(leg.price), "factor": Decimal(leg.factor), "quantity_today": decimal(leg.units * leg.factor),
         "price_today": decimal(leg.price / leg.factor), "is_exact": Fraction(decimal(leg.price / leg.factor)) * leg.factor == leg.price}
        for n, leg in enumerate(ordered)
    ]  # fmt: skip
    schema = {"leg": pl.UInt32, "group": pl.UInt32, "series": pl.String} | dict.fromkeys(
        ("quantity", "price_paid", "factor", "quantity_today", "price_today"), exact
    )
    return pl.DataFrame(rows, schema_overrides=schema)


def matched(book: list[Leg]) -> pl.DataFrame:
    legs = frame(book)
    return short_swings(legs, swing_pairs(legs, policy()))


def totals(book: list[Leg]) -> dict[str, tuple[Fraction, Fraction]]:
    """Of each person the greatest gain and the greedy one, exact."""
    told = matched(book).select("person_id", "profit_sum", "liho_sum", "parts").unique()
    return {person: (Fraction(best, parts), Fraction(greedy, parts)) for person, best, greedy, parts in told.rows()}


def total(book: list[Leg]) -> Fraction:
    return totals(book).get("DIA", (Fraction(), Fraction()))[0]


def admitted(book: list[Leg]) -> list[tuple[Leg, Leg]]:
    """Pairs at a gain within the period, counted again from its words: less than six months, both days whole."""
    buys, sales = ([leg for leg in book if leg.way == way] for way in ("purchase", "sale"))
    return [
        (buy, sale)
        for buy in buys
        for sale in sales
        if sale.price / sale.factor > buy.price / buy.factor and within(min(buy.on, sale.on), max(buy.on, sale.on))
    ]


def within(first: date, last: date) -> bool:
    month, year = (first.month + 5) % 12 + 1, first.year + (first.month > 6)
    try:
        anniversary = date(year, month, first.day)
    except ValueError:
        anniversary = date(year + month // 12, month % 12 + 1, 1)
    return last < anniversary - timedelta(days=1)


def by_linear_programme(book: list[Leg]) -> float:
    pairs = admitted(book)
    if not pairs:
        return 0.0
    limits = np.zeros((len(book), len(pairs)))
    for n, pair in enumerate(pairs):
        for leg in pair:
            limits[book.index(leg), n] = leg.factor
    gains = [-float(sale.price / sale.factor - buy.price / buy.factor) for buy, sale in pairs]
    limits = np.array([limits[n] / leg.factor for n, leg in enumerate(book)])
    return -linprog(gains, A_ub=limits, b_ub=[float(leg.units * leg.factor) for leg in book]).fun


def by_brute_force(book: list[Leg]) -> Fraction:
    """Every way to hand out the units, one by one."""
    pairs = [(book.index(buy), book.index(sale), sale.price - buy.price) for buy, sale in admitted(book)]

    @cache
    def best(left: tuple[int, ...], nth: int) -> Fraction:
        if nth == len(pairs):
            return Fraction()
        buy, sale, gain = pairs[nth]
        found = Fraction()
        for units in range(min(left[buy], left[sale]) + 1):
            rest = list(left)
            rest[buy] -= units
            rest[sale] -= units
            found = max(found, units * gain + best(tuple(rest), nth + 1))
        return found

    return best(tuple(int(leg.units) for leg in book), 0)


@settings(max_examples=25)
@given(books(most=3, units=3))
def test_the_amount_of_a_small_book_is_that_of_brute_force(book: list[Leg]) -> None:
    assert total(book) == by_brute_force(book)


@settings(max_examples=25)
@given(books(most=25))
def test_the_amount_of_a_large_book_is_that_of_a_linear_programme(book: list[Leg]) -> None:
    assert abs(float(total(book)) - by_linear_programme(book)) < 1e-3


@settings(max_examples=15)
@given(st.lists(books(most=5), min_size=2, max_size=8))
def test_many_insiders_at_once_have_what_each_has_alone(found: list[list[Leg]]) -> None:
    crowd = [[replace(leg, person=f"P{n}") for leg in book] for n, book in enumerate(found)]
    together = totals([leg for book in crowd for leg in book])
    assert together == {person: amounts for book in crowd for person, amounts in totals(book).items()}


@settings(max_examples=20)
@given(books(), st.integers(5, 15), st.randoms(use_true_random=False))
def test_the_amount_keeps_its_bounds_and_symmetries(book: list[Leg], dearer: int, chance: object) -> None:
    best, greedy = totals(book).get("DIA", (Fraction(), Fraction()))
    assert best >= greedy >= best / 2
    shuffled = list(book)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random number generator of hypothesis
    assert matched(shuffled).equals(matched(book))
    assert total(book[:-1]) <= best
    assert total([replace(leg, price=leg.price + dearer) for leg in book]) == best
    halves = [replace(leg, name=f"{leg.name}{part}", units=leg.units / 2) for leg in book for part in "ab"]
    assert total(halves) == best


@settings(max_examples=25)
@given(books(), st.sampled_from([2, 3, 7]))
def test_a_split_changes_nothing(book: list[Leg], ratio: int) -> None:
    """Every leg as it would stand before a split of so many for one; three for one makes prices that no decimal ends."""
    before = [replace(leg, factor=ratio) for leg in book]
    assert total(before) == total(book)
    mixed = [replace(leg, factor=ratio, price=leg.price * ratio) if n % 2 else replace(leg, units=leg.units * ratio) for n, leg in enumerate(book)]
    assert total(mixed) == ratio * total(book)


@settings(max_examples=25)
@given(books())
def test_every_leg_is_used_up_to_its_quantity_and_every_pair_matches(book: list[Leg]) -> None:
    known, allowed = {leg.name: leg for leg in book}, {(buy.name, sale.name) for buy, sale in admitted(book)}
    rows = matched(book)
    for side in ("buy", "sell"):
        for name, units in rows.group_by(f"{side}_trade_id").agg(pl.col("quantity").sum()).rows():
            assert units <= known[name].units
    assert set(rows.select("buy_trade_id", "sell_trade_id").rows()) <= allowed
    assert sum((Fraction(each) for each in rows["profit"]), Fraction()) == total(book)


@settings(max_examples=25)
@given(books(most=5))
def test_a_proof_never_errs(book: list[Leg]) -> None:
    """Where the greedy answer is called proved, no other is better."""
    from transforms.facts import short_swings as fact

    taken = []
    legs = frame(book)
    pairs = swing_pairs(legs, policy())
    original = fact.greatest_gain
    try:
        fact.greatest_gain = lambda market: taken.append(market) or original(market)
        short_swings(legs, pairs)
    finally:
        fact.greatest_gain = original
    for market in taken:
        best, greedy = original(market)
        sure = proved(market, greedy)
        assert (lowest_in_highest_out(market) == greedy).all()
        assert (best * market.gain)[sure].sum() == (greedy * market.gain)[sure].sum()


def test_purchases_at_or_above_all_sales_give_nothing() -> None:
    book = [Leg("purchase", DAY, "B", Fraction(100), Fraction(20)), Leg("sale", DAY, "S", Fraction(100), Fraction(20))]
    assert matched(book).is_empty()


def test_a_price_keeps_all_twelve_decimals_that_a_split_makes() -> None:
    """64 for one: 10.000001 becomes 0.156250015625. One new share sold at the next half millionth is a gain of twelve decimals."""
    before = Leg("purchase", DAY, "B", Fraction(1, 64), Fraction("10.000001"), factor=64)
    book = [before, Leg("sale", DAY + timedelta(days=1), "S", Fraction(1), Fraction("0.1562505"))]
    assert total(book) == Fraction("0.000000484375")
    assert matched(book)["profit"].to_list() == [Decimal("0.000000484375")]


def test_parts_of_shares_are_split_exactly() -> None:
    """Three for one: half a share at ten dollars is one and a half at 3.333333...; sold at four dollars, they gain one dollar in all."""
    book = [Leg("purchase", DAY, "B", Fraction(1, 2), Fraction(10), factor=3), Leg("sale", DAY + timedelta(days=1), "S", Fraction(2), Fraction(4))]
    assert total(book) == 1
    assert matched(book)["quantity"].to_list() == [Decimal("1.5")]


def test_dear_shares_that_differ_little_are_matched_exactly() -> None:
    """What has to fit in 64 bits is the difference of prices, not the prices: ten million shares gain ten dollars."""
    many = Fraction(10_000_000)
    book = [Leg("purchase", DAY, "B", many, Fraction("1000000.000001")), Leg("sale", DAY + timedelta(days=1), "S", many, Fraction("1000000.000002"))]
    assert total(book) == 10


def test_numbers_beyond_the_solver_are_refused_and_the_largest_within_are_not() -> None:
    """2**30 millionths bought and sold make 2**31, at a difference of 2**31 millionths of a dollar: just what the solver holds."""
    low, high = Fraction(1), 1 + Fraction(2**31, 10**6)

    def book(millionths: int) -> list[Leg]:
        units = Fraction(millionths, 10**6)
        return [Leg("purchase", DAY, "B", units, low), Leg("sale", DAY + timedelta(days=1), "S", units, high)]

    assert total(book(2**30)) == Fraction(2**61, 10**12)
    with pytest.raises(OverflowError, match="too fine"):
        total(book(2**30 + 1))


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=10000))
def test_rounding_is_half_up(number: Fraction) -> None:
    rounded = Fraction(decimal(number, 2))
    assert abs(rounded - number) <= Fraction(1, 200)
    assert decimal(Fraction(5, 1000), 2) == Decimal("0.01")
