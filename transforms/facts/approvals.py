"""Approvals, with the denials before them and the first day on which they could be used."""

import polars as pl

from transforms.calendar import Sessions
from transforms.policy import Policy


def approvals(clearance_terms: pl.DataFrame, window_days: pl.DataFrame, sessions: Sessions, policy: Policy) -> pl.DataFrame:
    """One row an approved clearance.

    `denied_clearance_id`: the latest denial by another approver, at most so many sessions before and not after, of a
    request with a common person, the same symbol and side (policy VI.B.9); `maybe_denied`: such a denial where one of
    the two names nobody. `first_possible_on`: first day of use, `was_open` whether the window was open then (VI.B.2).
    """
    approved = clearance_terms.filter(pl.col("decision") == "approved")
    denied = _denials(approved, clearance_terms, sessions, policy)
    day, at = pl.col("decided_on"), pl.col("decided_at")
    in_hours = sessions.every.counts(day) & (at.is_null() | (at.dt.time() < sessions.closes_at(day)))
    usable = pl.when(in_hours).then(day).otherwise(sessions.every.after(day))
    proposed = sessions.every.on_or_after(pl.col("trade_on"))
    dated = approved.with_columns(first_possible_on=pl.max_horizontal(usable, proposed))
    windows = window_days.select(first_possible_on="day", was_open="is_open")
    return dated.join(windows, on="first_possible_on", how="left").join(denied, on="clearance_id", how="left").with_columns(
        maybe_denied=pl.col("maybe_denied").fill_null(value=False), occurred_on="decided_on", requester="person_id"
    ).sort("clearance_id")  # fmt: skip


def _denials(approved: pl.DataFrame, terms: pl.DataFrame, sessions: Sessions, policy: Policy) -> pl.DataFrame:
    covered = pl.coalesce("covers", "person_id").str.split(";")
    about = ["symbol", "side", "party"]
    columns = ["clearance_id", "decided_by", "decided_on", "decided_first_at", *about]
    asked = approved.with_columns(party=covered).explode("party").select(columns)
    refused = terms.filter(pl.col("decision") == "denied").with_columns(party=covered).explode("party").select(columns)
    count = int(policy.reading("clearance.denial_sessions"))
    earliest = sessions.every.before(pl.col("decided_on"), count)
    pairs = asked.with_columns(earliest=earliest).join(refused, on=about, suffix="_denied").filter(
        (pl.col("decided_first_at_denied") <= pl.col("decided_first_at")) & (pl.col("decided_on_denied") >= pl.col("earliest"))
    ).sort("decided_first_at_denied", "clearance_id_denied")  # fmt: skip
    other = pl.col("decided_by") != pl.col("decided_by_denied")
    return pairs.group_by("clearance_id", maintain_order=True).agg(
        denied_clearance_id=pl.col("clearance_id_denied").filter(other).last(), denied_on=pl.col("decided_on_denied").filter(other).last(),
        maybe_denied=other.is_null().any(), maybe_denied_id=pl.col("clearance_id_denied").filter(other.is_null()).last(),
    )  # fmt: skip
