"""Matches purchases with sales for the greatest gain: a transportation problem, solved exactly in integers.

OR-tools' minimum-cost flow is kept by others, deterministic and exact in integers; quantities and prices are scaled to
whole numbers first, so that no rounding enters before the end.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from ortools.graph.python import min_cost_flow

LARGEST = 2**62
"""The solver counts in 64 bits."""


@dataclass(frozen=True)
class Leg:
    """A purchase or a sale: when, which trade, how many units, at what price."""

    on: date
    trade_id: str
    quantity: Fraction
    price: Fraction


@dataclass(frozen=True)
class Matched:
    """Units of a purchase matched with a sale."""

    buy: Leg
    sale: Leg
    quantity: Fraction

    @property
    def profit(self) -> Fraction:
        """Gain of the pair, exact."""
        return (self.sale.price - self.buy.price) * self.quantity


def greatest_gain(buys: list[Leg], sales: list[Leg], admitted: list[tuple[int, int]]) -> list[Matched]:
    """One best allocation over the admitted pairs (indices of buys and sales): losses are never taken.

    The same legs in the same order give the same allocation. Source: Smolowe v. Delendo, 136 F.2d 231 (2d Cir. 1943).
    """
    pairs = [(i, j) for i, j in admitted if sales[j].price > buys[i].price]
    if not pairs:
        return []
    per_unit = lcm(*(leg.quantity.denominator for leg in (*buys, *sales)))
    per_dollar = lcm(*(leg.price.denominator for leg in (*buys, *sales)))
    gains = [int((sales[j].price - buys[i].price) * per_dollar) for i, j in pairs]
    amounts = [int(leg.quantity * per_unit) for leg in (*buys, *sales)]
    if max(gains) * sum(amounts) > LARGEST:
        raise OverflowError("the prices and quantities of one class are too fine to be matched exactly in 64 bits")
    return _solve(buys, sales, pairs, gains, amounts, per_unit)


def _solve(buys: list[Leg], sales: list[Leg], pairs: list[tuple[int, int]], gains: list[int], amounts: list[int], per_unit: int) -> list[Matched]:
    flow = min_cost_flow.SimpleMinCostFlow()
    source, sink = len(amounts), len(amounts) + 1
    arcs = [
        flow.add_arc_with_capacity_and_unit_cost(i, len(buys) + j, min(amounts[i], amounts[len(buys) + j]), -gain)
        for (i, j), gain in zip(pairs, gains, strict=True)
    ]
    for i in range(len(buys)):
        flow.add_arc_with_capacity_and_unit_cost(source, i, amounts[i], 0)
    for j in range(len(sales)):
        flow.add_arc_with_capacity_and_unit_cost(len(buys) + j, sink, amounts[len(buys) + j], 0)
    most = min(sum(amounts[: len(buys)]), sum(amounts[len(buys) :]))
    flow.add_arc_with_capacity_and_unit_cost(source, sink, most, 0)
    flow.set_node_supply(source, most)
    flow.set_node_supply(sink, -most)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the solver ended with {status}, expected an optimum")
    matched = [(pair, flow.flow(arc)) for pair, arc in zip(pairs, arcs, strict=True)]
    return [Matched(buys[i], sales[j], Fraction(units, per_unit)) for (i, j), units in matched if units]


def lowest_in_highest_out(buys: list[Leg], sales: list[Leg], admitted: list[tuple[int, int]]) -> Fraction:
    """The figure of the greedy rule, for comparison: each purchase from the cheapest against the dearest sale left."""
    left = [leg.quantity for leg in sales]
    rank = {j: n for n, j in enumerate(sorted(range(len(sales)), key=lambda j: (-sales[j].price, sales[j].on, sales[j].trade_id)))}
    matching: dict[int, list[int]] = defaultdict(list)
    for i, j in admitted:
        matching[i].append(j)
    total = Fraction()
    for i in sorted(range(len(buys)), key=lambda i: (buys[i].price, buys[i].on, buys[i].trade_id)):
        wanted = buys[i].quantity
        for j in sorted(matching[i], key=rank.__getitem__):
            if sales[j].price > buys[i].price and left[j] > 0 and wanted > 0:
                taken = min(wanted, left[j])
                total += taken * (sales[j].price - buys[i].price)
                wanted, left[j] = wanted - taken, left[j] - taken
    return total
