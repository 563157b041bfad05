"""Matches purchases with sales for the greatest gain: a transportation problem, solved exactly in integers.

OR-tools' minimum-cost flow is kept by others, deterministic and exact in integers; quantities and prices are scaled to
whole numbers first, so that no rounding enters before the end.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

import numpy as np
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
    per_unit, _, amounts, paid, got = _scaled(buys, sales)
    pairs = [(i, j) for i, j in admitted if got[j] > paid[i]]
    if not pairs:
        return []
    gains = [got[j] - paid[i] for i, j in pairs]
    if max(gains) * sum(amounts) > LARGEST:
        raise OverflowError("the prices and quantities of one class are too fine to be matched exactly in 64 bits")
    units = _flows(len(buys), pairs, gains, amounts)
    return [Matched(buys[i], sales[j], Fraction(each, per_unit)) for (i, j), each in zip(pairs, units, strict=True) if each]


def _flows(buys: int, pairs: list[tuple[int, int]], gains: list[int], amounts: list[int]) -> list[int]:
    """Units on each pair: from a source over purchases and sales to a sink, and past them at no gain."""
    source, sink = len(amounts), len(amounts) + 1
    most = min(sum(amounts[:buys]), sum(amounts[buys:]))
    tails = [*(i for i, _ in pairs), *[source] * buys, *range(buys, len(amounts)), source]
    heads = [*(buys + j for _, j in pairs), *range(buys), *[sink] * (len(amounts) - buys), sink]
    room = [*(min(amounts[i], amounts[buys + j]) for i, j in pairs), *amounts, most]
    costs = [*(-gain for gain in gains), *[0] * (len(amounts) + 1)]
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(*(np.array(each, dtype=np.int64) for each in (tails, heads, room, costs)))
    flow.set_nodes_supplies(np.array([source, sink]), np.array([most, -most]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the solver ended with {status}, expected an optimum")
    return [int(each) for each in flow.flows(arcs[: len(pairs)])]


def lowest_in_highest_out(buys: list[Leg], sales: list[Leg], admitted: list[tuple[int, int]]) -> Fraction:
    """The figure of the greedy rule, for comparison: each purchase from the cheapest against the dearest sale left."""
    per_unit, per_dollar, amounts, paid, got = _scaled(buys, sales)
    wanted, left = amounts[: len(buys)], amounts[len(buys) :]
    rank = {j: n for n, j in enumerate(sorted(range(len(sales)), key=lambda j: (-got[j], sales[j].on, sales[j].trade_id)))}
    matching: dict[int, list[int]] = defaultdict(list)
    for i, j in admitted:
        if got[j] > paid[i]:
            matching[i].append(j)
    total = 0
    for i in sorted(matching, key=lambda i: (paid[i], buys[i].on, buys[i].trade_id)):
        for j in sorted(matching[i], key=rank.__getitem__):
            taken = min(wanted[i], left[j])
            total += taken * (got[j] - paid[i])
            wanted[i], left[j] = wanted[i] - taken, left[j] - taken
    return Fraction(total, per_unit * per_dollar)


def _scaled(buys: list[Leg], sales: list[Leg]) -> tuple[int, int, list[int], list[int], list[int]]:
    """Scales of units and dollars, and amounts, prices paid and prices got as whole numbers."""
    per_unit = lcm(*(leg.quantity.denominator for leg in (*buys, *sales)))
    per_dollar = lcm(*(leg.price.denominator for leg in (*buys, *sales)))
    amounts = [int(leg.quantity * per_unit) for leg in (*buys, *sales)]
    paid, got = ([int(leg.price * per_dollar) for leg in legs] for legs in (buys, sales))
    return per_unit, per_dollar, amounts, paid, got
