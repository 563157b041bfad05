"""Each clearance with its validity, its approver's office and the symbol it was about, as used today."""

import polars as pl

from transforms.calendar import Sessions
from transforms.counting import available_from, last_full_day
from transforms.facts.footings import on_todays_footing
from transforms.facts.standings import standing_on
from transforms.policy import Policy


def clearance_terms(
    clearances: pl.DataFrame, symbols: pl.DataFrame, instruments: pl.DataFrame, footings: pl.DataFrame,
    standings: pl.DataFrame, sessions: Sessions, policy: Policy,
) -> pl.DataFrame:  # fmt: skip
    """One row a clearance. `valid_through_on`: last day of use (policy VI.B.4) or of an extension; `earliest_on`: first
    day that its request allowed (VI.B.1); `by_approver`: whether decided_by was an approver on the day of decision, or ever
    where that day is not on record (null = nobody named); `cleared_today`: quantity on today's split basis, null = any; `decided`: the instant or date as text, `decided_said` as a sentence writes it.
    """
    named = clearances.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now").with_columns(
        symbol=pl.coalesce("symbol_now", "symbol")
    ).drop("symbol_now")  # fmt: skip
    ours = named.join(instruments.select("symbol", "is_company_security"), on="symbol", how="left")
    placed = standing_on(ours, standings, "decided_by", "decided_on", ("approver",))
    based = on_todays_footing(placed.with_columns(_based_on=pl.coalesce("decided_on", "requested_on")), footings, "_based_on")
    requested = available_from(pl.col("requested_on"), pl.col("requested_at"), "counting.unknown_request_time", sessions, policy, "request")
    said = pl.coalesce(pl.col("decided_at").dt.to_string("%a %Y-%m-%d %H:%M:%S"), pl.col("decided_on").dt.to_string("%a %Y-%m-%d"))
    decided = pl.coalesce(pl.col("decided_at").dt.to_string("%Y-%m-%dT%H:%M:%S%:z"), pl.col("decided_on").cast(pl.String))
    ever = standings.filter(pl.col("standing") == "approver")["person_id"].unique()
    return based.with_columns(
        valid_through_on=pl.max_horizontal(_valid_through(sessions, policy), "extended_until_on"),
        earliest_on=requested,
        by_approver=pl.when(pl.col("decided_by").is_not_null()).then(
            pl.when(pl.col("decided_on").is_null()).then(pl.col("decided_by").is_in(ever.implode())).otherwise("approver")
        ),
        cleared_today=pl.col("quantity") * pl.col("factor"),
        is_company_security=pl.col("is_company_security").fill_null(value=False),
        multi_trade=pl.col("multi_trade").fill_null(value=False),
        decided=decided,
        decided_said=said,
        decided_first_at=pl.coalesce("decided_at", pl.col("decided_on").cast(pl.Datetime("us")).dt.replace_time_zone("America/New_York")),
    ).drop("_based_on", "factor", "approver")


def _valid_through(sessions: Sessions, policy: Policy) -> pl.Expr:
    on, at = pl.col("decided_on"), pl.col("decided_at")
    if policy.reads("clearance.partial_day", "first_day"):
        return sessions.every.on_or_after(on, policy.full_trading_days("clearance").on(on) - 1)
    return last_full_day(on, at, "counting.unknown_clearance_time", sessions, policy, "clearance")
