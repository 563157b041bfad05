"""The ledger of clearances: which order drew how much on which clearance."""

from collections import defaultdict
from decimal import Decimal

import polars as pl

from transforms.facts.clearance_pairs import TESTS

DRAWN = {
    "trade_id": pl.String(), "person_id": pl.String(), "clearance_id": pl.String(), "unit_id": pl.String(),
    "drawn_today": pl.Decimal(38, 12), "turn": pl.Int64(), "is_valid": pl.Boolean(),
    "unit_root_id": pl.String(), "unit_turn": pl.Int64(),
}  # fmt: skip


def clearance_draws(clearance_pairs: pl.DataFrame) -> pl.DataFrame:
    """One row a draw of a fill (for a person who answers) on a clearance, `turn` in the order of use; `drawn_today` on
    today's split basis, 0 where nothing was left. `is_valid` is false for a clearance of which a test is not known.

    Orders come by their first fill, fills by time, persons by id; valid clearances before possible ones, each by last
    day, decision and id. The ledger is a sequence by nature: an order draws on what earlier ones left. Source: VI.B.4,
    VI.B.5.
    """
    known = pl.all_horizontal(pl.col(TESTS))
    usable = clearance_pairs.filter(pl.col("is_approved") & known.fill_null(value=True)).with_columns(is_valid=known.fill_null(value=False))
    if usable.is_empty():
        return pl.DataFrame(schema=DRAWN)
    lone = usable.filter(_is_lone())
    order = usable.filter(~_is_lone()).sort(
        "unit_turn", "unit_id", "sequence", "person_id", ~pl.col("is_valid"), "valid_through_on", "decided_first_at", "clearance_id"
    )
    columns = ["unit_id", "trade_id", "person_id", "quantity_today", "clearance_id", "cleared_today", "multi_trade", "is_valid", "unit_root_id", "unit_turn"]
    drawn = lone.with_columns(drawn_today=pl.min_horizontal("quantity_today", pl.col("cleared_today").fill_null(pl.col("quantity_today"))), turn=pl.lit(0))
    return pl.concat([drawn.select(list(DRAWN)).cast(DRAWN), pl.DataFrame(_ledger(order.select(columns).rows()), schema=DRAWN, orient="row")])  # type: ignore[arg-type]  # polars types columns only


def _is_lone() -> pl.Expr:
    """The one fill of an order beside its one clearance, which nobody else could use: drawn without the ledger."""
    one_order = pl.col("unit_id").n_unique().over("clearance_id") == 1
    one_fill = pl.col("trade_id").n_unique().over("unit_id") == 1
    one_clearance = pl.len().over("trade_id", "person_id") == 1
    return one_order & one_fill & one_clearance


def _ledger(rows: list[tuple]) -> list[tuple]:  # type: ignore[type-arg]  # rows of the frame above
    """Draw in order; the same order drawn for a second person is no second use."""
    drawn: dict[str, dict[str, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
    wanted: dict[tuple[str, str], Decimal] = {}
    ledger: list[tuple] = []  # type: ignore[type-arg]  # as above
    for unit, trade, person, quantity, clearance, cleared, multi_trade, is_valid, *unit_place in rows:
        uses = drawn[clearance]
        if not multi_trade and any(other != unit for other in uses):
            continue
        left_over = wanted.setdefault((trade, person), quantity)
        if left_over == 0:
            continue
        by_others = sum((max(each.values()) for other, each in uses.items() if other != unit), Decimal())
        left = left_over if cleared is None else max(cleared - by_others - uses[unit][person], Decimal())
        taken = min(left_over, left)
        uses[unit][person] += taken
        wanted[trade, person] = left_over - taken
        ledger.append((trade, person, clearance, unit, taken, len(ledger), is_valid, *unit_place))
    return ledger
