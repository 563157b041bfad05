"""Trades beside the clearances that may speak of them, each pair tested."""

import polars as pl

from transforms.calendar import Sessions
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE
from transforms.facts.clearance_parties import clearance_parties
from transforms.policy import Policy

TESTS = ("matches", "authorised", "independent", "decided_before", "unrevoked", "in_time")
"""Tests 2 to 7 of a clearance against a fill: true, false, or null where a time or a name is not known."""
BUCKET = 16
"""Sessions; pairs are sought within buckets, so that the search stays linear in trades."""


def clearance_pairs(
    clearable_trades: pl.DataFrame, clearance_terms: pl.DataFrame, accounts: pl.DataFrame, circles: pl.DataFrame,
    sessions: Sessions, policy: Policy,
) -> pl.DataFrame:  # fmt: skip
    """One row a fill, person who answers and clearance near in time or still valid, with TESTS, `fields` that differ
    and `is_approved`. `is_near`: decided within the look-back and look-ahead (company practice).
    """
    exempt = pl.any_horizontal([f"exempt_{name}" for name in EXEMPT_FROM_CLEARANCE if name != "gift"])
    orders = clearable_trades.with_columns(unit_turn=pl.col("sequence").cast(pl.Int64).min().over("unit_id"))
    tested = orders.filter(pl.col("needs_clearance").fill_null(value=True) & pl.col("is_tested") & ~exempt.fill_null(value=False))
    fills = tested.select(
        "trade_id", "person_id", "trader", "unit_id", "unit_root_id", "unit_turn", "sequence", "account_id", "symbol", "tested_side", "traded_on", "traded_at", "quantity_today",
        "near_from_on", "near_until_on",
        bucket=sessions.every.index(pl.col("traded_on")) // BUCKET,
    )  # fmt: skip
    decided = clearance_terms.filter(pl.col("decision").is_in(["approved", "denied"]) & pl.col("is_company_security"))
    sought = _candidates(fills, decided, sessions)
    terms = decided.select(
        "clearance_id", "decision", "decided_by", "decided_on", "decided_at", "revoked_at", "valid_through_on", "by_approver",
        "multi_trade", "cleared_today", "decided_first_at", "covers", requester="person_id", cleared_account="account_id", cleared_symbol="symbol", cleared_side="side",
    )  # fmt: skip
    pairs = sought.join(fills, on=["trade_id", "person_id"]).join(terms, on="clearance_id")
    conflicted = _conflicts(pairs, accounts, circles)
    return _tested(conflicted, sessions, policy).sort("sequence", "person_id", "clearance_id")


def _candidates(fills: pl.DataFrame, clearances: pl.DataFrame, sessions: Sessions) -> pl.DataFrame:
    first = sessions.every.index(pl.col("decided_on")) - 2
    last = pl.max_horizontal(first + 14, sessions.every.index(pl.col("valid_through_on")) + 1)
    spans = clearances.select("clearance_id", bucket=pl.int_ranges(first // BUCKET, last // BUCKET + 1)).explode("bucket")
    dated = clearance_parties(clearances).join(spans, on="clearance_id")
    anyone = fills.select("trade_id", "person_id", "bucket", party="person_id")
    traders = fills.select("trade_id", "person_id", "bucket", party="trader")
    asked = pl.concat([anyone, traders]).unique()
    undated = clearance_parties(clearances.filter(pl.col("decided_on").is_null()))
    found = [
        asked.join(dated.filter(pl.col("bucket").is_not_null()), on=["party", "bucket"]).select("trade_id", "person_id", "clearance_id"),
        asked.join(undated, on="party").select("trade_id", "person_id", "clearance_id"),
    ]
    return pl.concat(found).unique()


def _conflicts(pairs: pl.DataFrame, accounts: pl.DataFrame, circles: pl.DataFrame) -> pl.DataFrame:
    """Whether the approver is the requester, the person who answers or a holder, or has one of the last two around."""
    holders = accounts.select("account_id", "holder_id").unique()
    near = circles.filter((pl.col("circle") == "related") & pl.col("is_certain")).select("person_id", "related_id", "from_on", "until_on")
    involved = pl.concat([
        pairs.select("trade_id", "person_id", "clearance_id", "decided_by", "decided_on", party="person_id", part=pl.lit("answers for the trade")),
        pairs.select("trade_id", "person_id", "clearance_id", "decided_by", "decided_on", "account_id").join(holders, on="account_id").drop("account_id").rename({"holder_id": "party"}).with_columns(part=pl.lit("holds the account")),
    ]).filter(pl.col("decided_by").is_not_null())  # fmt: skip
    same = involved.filter(pl.col("party") == pl.col("decided_by"))
    tied = involved.join(near, left_on=["decided_by", "party"], right_on=["person_id", "related_id"]).filter(
        (pl.col("from_on") <= pl.col("decided_on")) & (pl.col("until_on").is_null() | (pl.col("decided_on") <= pl.col("until_on")))
    )
    key = ["trade_id", "person_id", "clearance_id"]
    ties = tied.with_columns(part=pl.format("has {} as a Related Person, who {}", "party", "part"))
    both = pl.concat([same.select(*key, "part"), ties.select(*key, "part")]).unique().sort(*key, "part")
    found = both.group_by(key, maintain_order=True).agg(pl.col("part").str.join(" and ")).with_columns(conflict=pl.lit(value=True))
    joined = pairs.join(found, on=key, how="left")
    asked = (pl.col("decided_by") == pl.col("requester")).fill_null(value=False)
    part = pl.when(asked).then(pl.concat_str([pl.lit("asked for it"), "part"], separator=" and ", ignore_nulls=True)).otherwise("part")
    return joined.with_columns(part=part, independent=~(pl.col("conflict").fill_null(value=False) | asked))


def _tested(pairs: pl.DataFrame, sessions: Sessions, policy: Policy) -> pl.DataFrame:
    day, at = pl.col("traded_on"), pl.col("traded_at")
    decided, revoked = pl.col("decided_on"), pl.col("revoked_at").dt.date()
    both_timed = pl.col("decided_at").is_not_null() & at.is_not_null()
    before = pl.when(decided.is_null()).then(None).when(both_timed).then(pl.col("decided_at") <= at).when(decided != day).then(decided < day)
    unrevoked = (
        pl.when(revoked.is_null()).then(pl.lit(value=True))
        .when(at.is_not_null()).then(pl.col("revoked_at") > at)
        .when(revoked != day).then(revoked > day)
    )  # fmt: skip
    last = pl.col("valid_through_on")
    in_time = day <= last
    if policy.reads("clearance.ends", "regular_close"):
        in_time = in_time & ((day != last) | at.is_null() | (at.dt.time() <= sessions.closes_at(day)))
    covered = pl.coalesce("covers", "requester").str.replace_all(r"\s", "").str.split(";")
    differs = {
        "account": (pl.col("cleared_account") != pl.col("account_id")).fill_null(value=False),
        "person": ~covered.list.contains(pl.col("trader")),
        "side": pl.col("cleared_side") != pl.col("tested_side"),
        "symbol": pl.col("cleared_symbol") != pl.col("symbol"),
    }
    return pairs.with_columns(
        fields=pl.concat_list([pl.when(condition).then(pl.lit(name)) for name, condition in differs.items()]).list.drop_nulls(),
        matches=~pl.any_horizontal(differs.values()),
        authorised="by_approver",
        decided_before=before,
        unrevoked=unrevoked,
        in_time=in_time,
        is_approved=pl.col("decision") == "approved",
        is_near=decided.is_between("near_from_on", "near_until_on"),
    )
