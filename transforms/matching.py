"""Matches purchases with sales for the greatest gain: a transportation problem, solved exactly in integers.

Whole columns first: every insider's pairs are matched lowest in, highest out at once, and a price for each leg is sought that
proves the answer the best (the dual of the problem). Only where there is none, OR-tools' minimum-cost flow solves it; that
solver is kept by others, deterministic and exact in integers. No rounding enters before the end.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

LARGEST = 2**62
"""The solver counts in 64 bits."""
AT_ONCE = 150
"""Pairs that go to the solver together: larger networks take it longer, smaller ones are all overhead."""
WORTH_A_SECOND_PROCESS = 1_000_000
"""Pairs above which a second core pays for its start."""
PROCESSES = 2
LONG = 2_000
"""Pairs of a component from which it is matched on its own, not in step with the others."""
PATIENCE = 6
"""Rounds in which prices have to settle; a component that takes longer is left to the solver."""
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Market:
    """Legs and the pairs that may match at a gain, as whole numbers.

    `amount` and `price` of each leg, in order of date and id; `buy` and `sale`: the legs of each pair; `component` of each pair, a
    number from 0: the pairs of one are about a block of legs that follow each other, those of the next about later legs.
    """

    amount: Whole
    price: Whole
    buy: Whole
    sale: Whole
    component: Whole

    def of(self, wanted: NDArray[np.bool_]) -> "Market":
        """The same legs with some of the pairs."""
        return Market(self.amount, self.price, self.buy[wanted], self.sale[wanted], self.component[wanted])

    @property
    def gain(self) -> Whole:
        """Of each pair, by unit."""
        return self.price[self.sale] - self.price[self.buy]


def lowest_in_highest_out(market: Market) -> Whole:
    """Units of each pair under the greedy rule: each purchase from the cheapest, against the dearest sale left.

    Equal prices go by date and id.
    """
    units = np.zeros(len(market.buy), dtype=np.int64)
    left = market.amount.copy()
    order = np.lexsort((market.sale, -market.price[market.sale], market.buy, market.price[market.buy], market.component))
    starts, sizes = _runs(market.component)
    nth = np.arange(len(order)) - np.repeat(starts, sizes)
    in_step = np.repeat(sizes < LONG, sizes)
    together = order[in_step][np.argsort(nth[in_step], kind="stable")]
    for step in np.split(together, np.cumsum(np.bincount(nth[in_step]))[:-1]) if len(together) else ():
        buys, sales = market.buy[step], market.sale[step]
        taken = np.minimum(left[buys], left[sales])
        units[step] = taken
        left[buys] -= taken
        left[sales] -= taken
    if len(alone := order[~in_step]):
        units[alone] = _one_by_one(market.buy[alone].tolist(), market.sale[alone].tolist(), left.tolist())
    return units


def _one_by_one(buys: list[int], sales: list[int], left: list[int]) -> list[int]:
    """Units of pairs in their order."""
    units = []
    for buy, sale in zip(buys, sales, strict=True):
        taken = min(left[buy], left[sale])
        units.append(taken)
        left[buy] -= taken
        left[sale] -= taken
    return units


def _runs(component: Whole) -> tuple[Whole, Whole]:
    """Where each component begins, and how many pairs it has."""
    starts = np.flatnonzero(np.diff(component, prepend=-1))
    return starts, np.diff(np.append(starts, len(component)))


def proved(market: Market, units: Whole) -> NDArray[np.bool_]:
    """Of each pair, whether its component's units are proved the best: a price for each leg is found at which no unit would
    change places (complementary slackness). False says only that none was found.
    """
    used = units > 0
    left = market.amount.copy()
    np.subtract.at(left, market.buy, units)
    np.subtract.at(left, market.sale, units)
    is_free = left > 0
    is_sale = np.zeros(len(market.amount), dtype=bool)
    is_sale[market.sale] = True
    asked = np.where(is_sale & ~is_free, np.iinfo(np.int64).min, market.price)
    buys, dearest_sale = _grouped(market.buy, market.sale)
    sales, dearest_buy = _grouped(market.sale[used], market.buy[used])
    restless = np.zeros(len(market.amount), dtype=bool)
    for _ in range(PATIENCE):
        before = asked.copy()
        asked[buys] = np.maximum(asked[buys], dearest_sale(asked))
        asked[sales] = np.maximum(asked[sales], dearest_buy(asked))
        restless = asked != before
        if not restless.any():
            break
    doubtful = restless | ((is_sale | is_free) & (asked > market.price))
    in_doubt = np.zeros(market.component[-1] + 1 if len(market.component) else 0, dtype=bool)
    in_doubt[market.component[doubtful[market.buy] | doubtful[market.sale]]] = True
    return ~in_doubt[market.component]


def _grouped(leg: Whole, other: Whole) -> tuple[Whole, Callable[[Whole], Whole]]:
    """Each leg of the pairs once, and what gives the greatest of a number over the other legs of its pairs."""
    order = np.argsort(leg, kind="stable")
    starts = np.flatnonzero(np.diff(leg[order], prepend=-1))
    others = other[order]
    return leg[order][starts], lambda number: np.maximum.reduceat(number[others], starts) if len(starts) else number[:0]


def greatest_gain(market: Market) -> tuple[Whole, Whole]:
    """Units of each pair in one best allocation, and under the greedy rule: losses are never taken.

    The same market gives the same allocation. Source: Smolowe v. Delendo, 136 F.2d 231 (2d Cir. 1943).
    """
    if len(market.buy) < WORTH_A_SECOND_PROCESS:
        return _answered(market)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        answers = list(pool.map(_answered, _chunks(market, len(market.buy) // PROCESSES)))
    best, greedy = zip(*answers, strict=True)
    return np.concatenate(best), np.concatenate(greedy)


def _answered(market: Market) -> tuple[Whole, Whole]:
    greedy = lowest_in_highest_out(market)
    best, unproved = greedy.copy(), ~proved(market, greedy)
    if unproved.any():
        best[unproved] = np.concatenate([_flow(chunk) for chunk in _chunks(market.of(unproved), AT_ONCE)])
    return best, greedy


def _chunks(market: Market, at_once: int) -> Iterator[Market]:
    """Markets of whole components with some pairs each, their legs numbered from the first one."""
    cuts = [0]
    for start in [*_runs(market.component)[0][1:].tolist(), len(market.buy)]:
        if start - cuts[-1] >= at_once or start == len(market.buy):
            cuts.append(start)
    for first, last in pairwise(cuts):
        buys, sales = market.buy[first:last], market.sale[first:last]
        low, high = min(buys.min(), sales.min()), max(buys.max(), sales.max()) + 1
        yield Market(market.amount[low:high], market.price[low:high], buys - low, sales - low, market.component[first:last] - market.component[first])


def _flow(market: Market) -> Whole:
    """Units of each pair: from purchases to sales, and past them through one more node at no gain."""
    legs, past = np.arange(len(market.amount)), len(market.amount)
    is_sale = np.zeros(past, dtype=bool)
    is_sale[market.sale] = True
    supply = np.where(is_sale, -market.amount, market.amount)
    tails = np.concatenate([market.buy, np.where(is_sale, past, legs)])
    heads = np.concatenate([market.sale, np.where(is_sale, legs, past)])
    room = np.concatenate([np.minimum(market.amount[market.buy], market.amount[market.sale]), market.amount])
    costs = np.concatenate([-market.gain, np.zeros(past, dtype=np.int64)])
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, room, costs)
    flow.set_nodes_supplies(np.append(legs, past), np.append(supply, -supply.sum()))
    status = flow.solve()
    if status == flow.BAD_COST_RANGE and len(ends := np.flatnonzero(np.diff(market.component)) + 1):
        return np.concatenate(
            [
                _flow(Market(market.amount, market.price, *each))
                for each in zip(*(np.split(side, ends) for side in (market.buy, market.sale, market.component)), strict=True)
            ]
        )
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the solver ended with {status}, expected an optimum")
    return np.asarray(flow.flows(arcs[: len(market.buy)]), dtype=np.int64)
